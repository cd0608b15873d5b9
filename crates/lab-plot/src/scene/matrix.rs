use super::Scene;
use crate::matrix::{Answer, Matrix, MatrixCell, MatrixRow};
use crate::page::Frame;

fn cell(answer: Answer, word: &str, note: &str) -> Option<MatrixCell> {
    Some(MatrixCell {
        answer,
        word: word.into(),
        note: note.into(),
    })
}

fn row(group: &str, label: &str, cells: Vec<Option<MatrixCell>>) -> MatrixRow {
    MatrixRow {
        label: label.into(),
        group: group.into(),
        cells,
    }
}

fn figure(columns: &[&str], rows: Vec<MatrixRow>) -> Matrix {
    Matrix {
        frame: Frame::default(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    }
}

#[test]
fn a_cell_stands_in_its_row_and_under_its_column() {
    let scene = Scene::of(&figure(
        &["The article", "Rust"],
        vec![
            row(
                "io",
                "useless",
                vec![None, cell(Answer::False, "FALSE", "12.8×")],
            ),
            row(
                "cpu",
                "parallel",
                vec![
                    cell(Answer::Open, "INCONCLUSIVE", ""),
                    cell(Answer::True, "TRUE", ""),
                ],
            ),
        ],
    ))
    .unwrap();
    let x = |text: &str| scene.text(text).centre().0;
    let y = |text: &str| scene.text(text).centre().1;
    assert_eq!(x("FALSE"), x("Rust"));
    assert_eq!(x("12.8×"), x("Rust"));
    assert_eq!(x("INCONCLUSIVE"), x("The article"));
    assert!(y("io") < y("FALSE") && y("FALSE") < y("12.8×"));
    assert!(y("12.8×") < y("cpu") && y("cpu") < y("TRUE"));
    assert_eq!(y("TRUE"), y("INCONCLUSIVE"));
}

#[test]
fn a_group_is_named_once() {
    let rows = ["a", "b", "c"].map(|label| row("one group", label, vec![]));
    let scene = Scene::of(&figure(&["Rust"], rows.to_vec())).unwrap();
    let named = scene.texts.iter().filter(|one| one.what.0 == "one group");
    assert_eq!(named.count(), 1);
}

#[test]
fn long_words_and_many_columns_stay_on_the_page_and_apart() {
    let columns = ["CPython 3.13t"; 8];
    let long = "Never more processes than cores ".repeat(9);
    let cells = vec![cell(Answer::Open, "INCONCLUSIVE", "0.0012345678901234×"); 8];
    let rows = vec![row("oversubscription", &long, cells); 60];
    let scene = Scene::of(&figure(&columns, rows)).unwrap();
    let heads = scene.texts.iter().filter(|one| one.what.0 == columns[0]);
    assert_eq!(heads.count(), columns.len());
}

#[test]
fn nothing_to_show_is_an_error() {
    let error = Scene::of(&figure(&["Rust"], vec![])).unwrap_err();
    assert!(error.to_string().contains("has no rows"), "{error}");
}
