//! A browser by WebDriver, as far as these tests need it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends with it.
pub struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    _profile: tempfile::TempDir,
}

/// A headless Chromium with a window of this width. None where there is no Chromium or no driver, which
/// is printed; a test that is not to be skipped (`LAB_REQUIRE_BROWSER=1`) fails instead.
pub fn browser(width: u32) -> Option<Browser> {
    let is_there = |name: &str| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    if is_there("chromedriver") && ["chromium", "google-chrome"].into_iter().any(is_there) {
        return Some(Browser::start(width));
    }
    let is_required = std::env::var_os("LAB_REQUIRE_BROWSER").is_some_and(|value| value == "1");
    assert!(!is_required, "there is no chromium with chromedriver, and it is required");
    println!("skipped: there is no chromium with chromedriver");
    None
}

impl Browser {
    fn start(width: u32) -> Browser {
        let mut driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            line.split_once("successfully on port ")
                .map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let config = ureq::Agent::config_builder().proxy(None).http_status_as_error(false);
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Browser {
            driver,
            session: format!("http://127.0.0.1:{}/session", port.unwrap()),
            agent: config.build().into(),
            _profile: profile,
        };
        let profile = browser._profile.path().display();
        let args = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            format!("--user-data-dir={profile}"),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let session = browser.post("", wanted);
        browser.session += &format!("/{}", session["sessionId"].as_str().unwrap());
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.cdp("Emulation.setDeviceMetricsOverride", size);
        browser
    }

    /// Sends a command; what it answers.
    pub fn post(&self, command: &str, body: Value) -> Value {
        let url = format!("{}{command}", self.session);
        let mut answer = self.agent.post(url).send(body.to_string()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(answer.status().is_success(), "{command}: {text}");
        value["value"].clone()
    }

    /// A command of the DevTools protocol.
    pub fn cdp(&self, command: &str, params: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": params}))
    }

    /// Opens a file.
    pub fn open(&self, path: &Path) {
        let path = path.to_str().unwrap().replace(' ', "%20");
        self.post("/url", json!({"url": format!("file://{path}")}));
    }

    /// What the body of a function returns.
    pub fn run(&self, body: &str) -> Value {
        self.post("/execute/sync", json!({"script": body, "args": []}))
    }

    /// Waits until an expression is true.
    pub fn wait(&self, expression: &str) {
        for _ in 0..600 {
            if self.run(&format!("return !!({expression})")) == json!(true) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("not in time: {expression}");
    }

    /// Moves the pointer to a place in the window.
    pub fn point_at(&self, x: f64, y: f64) {
        let step = json!({"type": "pointerMove", "duration": 0, "x": x.round() as i64, "y": y.round() as i64});
        self.post(
            "/actions",
            json!({"actions": [{"type": "pointer", "id": "mouse", "actions": [step]}]}),
        );
    }

    /// Fingers that go down at their first places, move to their last ones at once, and are lifted.
    pub fn touch(&self, fingers: &[[(f64, f64); 2]]) {
        let finger = |(id, [from, to]): (usize, &[(f64, f64); 2])| {
            let to_place = |(x, y): (f64, f64), ms: u32| json!({"type": "pointerMove", "duration": ms, "x": x.round() as i64, "y": y.round() as i64});
            let [down, up] =
                ["pointerDown", "pointerUp"].map(|kind| json!({"type": kind, "button": 0}));
            json!({
                "type": "pointer",
                "id": format!("finger {id}"),
                "parameters": {"pointerType": "touch"},
                "actions": [to_place(*from, 0), down, to_place(*to, 100), up],
            })
        };
        let actions: Vec<Value> = fingers.iter().enumerate().map(finger).collect();
        self.post("/actions", json!({"actions": actions}));
    }

    /// Presses a key.
    pub fn press(&self, key: &str) {
        let steps = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.post(
            "/actions",
            json!({"actions": [{"type": "key", "id": "keys", "actions": steps}]}),
        );
    }

    /// The lines of a log.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.post("/se/log", json!({"type": kind}));
        lines.as_array().unwrap().clone()
    }

    /// Fails if the page asked for anything but itself, or complained.
    pub fn assert_quiet(&self) {
        for line in self.log("performance") {
            let event: Value = serde_json::from_str(line["message"].as_str().unwrap()).unwrap();
            let event = &event["message"];
            // A new window shows a page of the browser's own first, which asks for its parts.
            let is_ours =
                event["params"]["documentURL"].as_str().is_some_and(|url| url.starts_with("file:"));
            if event["method"] == "Network.requestWillBeSent" && is_ours {
                let url = event["params"]["request"]["url"].as_str().unwrap();
                assert!(url.starts_with("file:") || url.starts_with("data:"), "{url}");
            }
        }
        assert_eq!(self.log("browser"), Vec::<Value>::new());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
