//! The command of `--command`, and where a line of the inputs goes in it.
//!
//! A shell never reads an input as part of its script: the input is the script's first argument, and
//! the hole becomes `"$1"`. Whatever is written in it stays one word, and nothing in it is executed.

use anyhow::{Result, bail, ensure};
use lab_pool::jobs::command::Word;

/// Where a line of the inputs goes.
const HOLE: &str = "{}";
/// The same in a shell.
const ARGUMENT: &str = "\"$1\"";

/// A command with a hole for an input.
#[derive(Debug)]
pub(super) struct Template {
    words: Vec<String>,
    is_shell: bool,
}

impl Template {
    /// # Errors
    /// If there is no hole, or no program, or the quotes are not such that the input can be handed
    /// over.
    pub(super) fn parse(command: &str, is_shell: bool) -> Result<Template> {
        ensure!(
            command.contains(HOLE),
            "--command {command:?} has no {HOLE}: write it where a line of --inputs goes"
        );
        let words = if is_shell {
            // The word after the script is its name, `$0`.
            ["sh", "-c", &script(command)?, "sh"].map(str::to_owned).to_vec()
        } else {
            let Some(words) = shlex::split(command) else {
                bail!("--command {command:?} has a quote that is not closed");
            };
            words
        };
        ensure!(
            !words.first().is_none_or(|program| program.is_empty()),
            "--command names no program"
        );
        Ok(Template { words, is_shell })
    }

    /// Program and arguments for an input, which goes where the hole is, as it is.
    pub(super) fn fill(&self, input: &[u8]) -> Result<Vec<Word>> {
        ensure!(!input.contains(&0), "no program takes an argument with a NUL byte in it");
        if self.is_shell {
            let words = self.words.iter().map(|word| word.as_str().into());
            return Ok(words.chain([input.to_owned().into()]).collect());
        }
        let filled = self.words.iter().map(|word| {
            let around: Vec<&[u8]> = word.split(HOLE).map(str::as_bytes).collect();
            around.join(input).into()
        });
        Ok(filled.collect())
    }
}

/// The command as a script for a shell, with its first argument where the hole was. A hole that has
/// double quotes right around it is the same word without them. In other quotes the text may be a
/// script for somebody else, such as in `sh -c "cat {}"`, which would execute what is in the input.
fn script(command: &str) -> Result<String> {
    let mut script = String::new();
    let mut quote = None;
    let mut rest = command;
    while let Some(next) = rest.chars().next() {
        let quoted = rest.strip_prefix("\"{}\"").filter(|_| quote.is_none());
        if let Some(after) = quoted.or_else(|| rest.strip_prefix(HOLE)) {
            ensure!(
                quote.is_none(),
                "--command {command:?} has a {HOLE} inside quotes, where a shell could take parts of \
                 the input for commands: write {HOLE} outside of quotes, where it stays one word \
                 whatever it holds, such as in \"copy of \"{HOLE}"
            );
            script.push_str(ARGUMENT);
            rest = after;
            continue;
        }
        let is_escape = next == '\\' && quote != Some('\'');
        let long = rest.chars().take(if is_escape { 2 } else { 1 }).map(char::len_utf8).sum();
        let (taken, after) = rest.split_at(long);
        ensure!(
            taken != "\\{" || !after.starts_with('}'),
            "--command {command:?} has a {HOLE} after a backslash: leave the backslash out"
        );
        quote = match next {
            '"' | '\'' if quote.is_none() => Some(next),
            _ if quote == Some(next) => None,
            _ => quote,
        };
        script.push_str(taken);
        rest = after;
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(command: &str, is_shell: bool, input: &str) -> Result<Vec<String>> {
        let words = Template::parse(command, is_shell)?.fill(input.as_bytes())?;
        Ok(words.iter().map(Word::to_string).collect())
    }

    #[test]
    fn a_command_is_split_like_in_a_shell_and_an_input_stays_one_word() {
        assert_eq!(
            fill("grep -c 'a b' \"{}\" --name={}", false, "x y'\"ü $HOME").unwrap(),
            ["grep", "-c", "a b", "x y'\"ü $HOME", "--name=x y'\"ü $HOME"]
        );
    }

    #[test]
    fn a_shell_is_given_the_input_as_an_argument_and_never_in_its_script() {
        for (command, script) in [
            ("cat {} | wc -l", r#"cat "$1" | wc -l"#),
            (r#"cat "{}" | wc -c"#, r#"cat "$1" | wc -c"#),
            ("gzip <{} >out/{}.gz", r#"gzip <"$1" >out/"$1".gz"#),
            (r#"echo "a \" b" 'it' {}"#, r#"echo "a \" b" 'it' "$1""#),
            (r#"echo it\'s {} ü"#, r#"echo it\'s "$1" ü"#),
            (r#"echo '\' {}"#, r#"echo '\' "$1""#),
        ] {
            let words = fill(command, true, "$(touch F); `rm x`").unwrap();
            assert_eq!(words, ["sh", "-c", script, "sh", "$(touch F); `rm x`"]);
        }
    }

    #[test]
    fn a_hole_that_another_reader_could_execute_is_refused_with_the_remedy() {
        for command in
            ["sh -c 'cat {}'", r#"sh -c "cat {}""#, r#"cat "in {}""#, r#"echo "{}" "\"{}\"""#]
        {
            let error = fill(command, true, "x").unwrap_err().to_string();
            assert!(error.contains("outside of quotes"), "{command}: {error}");
        }
        let error = fill(r"echo \{}", true, "x").unwrap_err().to_string();
        assert!(error.contains("leave the backslash out"), "{error}");
    }

    /// Commands of random parts, the same ones in every run: the input is one word in each of them, or
    /// the command is refused.
    #[test]
    fn whatever_a_command_is_an_input_stays_one_word() {
        const PARTS: &[&str] =
            &["{}", "a", " ", "\"", "'", "\\", "{", "}", "$", "\u{e4}", "|", "`", "\n"];
        let mut random = oorandom::Rand64::new(1);
        let mut taken = 0;
        for number in 0..20_000 {
            let length = random.rand_range(1..12);
            let part = |_| PARTS[random.rand_range(0..PARTS.len() as u64) as usize];
            let command: String = (0..length).map(part).collect();
            let input = "i n'\"$(x)";
            let Ok(words) = fill(&command, number % 2 == 0, input) else {
                continue;
            };
            taken += 1;
            let holds = |word: &&String| word.contains(input);
            assert!(words.iter().any(|word| holds(&word)), "{command:?}");
            if number % 2 == 0 {
                assert!(!words[2].contains(input) && words[4] == input, "{command:?}");
            }
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn what_cannot_be_a_command_is_refused_with_the_reason() {
        for (command, reason) in
            [("sleep 1", "has no {}"), ("echo 'a {}", "not closed"), ("'' {}", "names no program")]
        {
            let error = fill(command, false, "x").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert!(fill("echo {}", false, "a\0b").is_err());
    }
}
