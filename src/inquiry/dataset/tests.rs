use proptest::prelude::*;

use super::*;

fn table(text: &str) -> Dataset {
    Dataset::from_csv("t.csv", text.as_bytes(), &Reading::default()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let error = Dataset::from_csv("t.csv", bytes, &Reading::default()).unwrap_err();
    format!("{error} | {}", error.way_out())
}

fn labels(found: Vec<Option<Arc<str>>>) -> Vec<String> {
    found.into_iter().map(|label| label.map_or("-".to_owned(), |text| text.to_string())).collect()
}

#[test]
fn one_table_in_many_spellings() {
    let plain = "dyad,score\nA,1.5\nB,-0.002\nA,NA\n";
    let spellings = [
        plain.to_owned(),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        plain.replace(',', "\t"),
        plain.replace(',', "|"),
        plain.replace(',', " , "),
        "dyad;score\nA;1,5\nB;-2e-3\nA;\n".to_owned(),
        "\"dyad\",\"score\"\n\"A\",\"1.5\"\n\n\"B\",\"−0.002\"\n,\n\"A\",n/a".to_owned(),
    ];
    for text in spellings {
        let found = table(&text);
        assert_eq!(found.names().collect::<Vec<_>>(), ["dyad", "score"], "{text:?}");
        assert_eq!(labels(found.labels("dyad").unwrap()), ["A", "B", "A"], "{text:?}");
        assert_eq!(found.numbers("score").unwrap(), [Some(1.5), Some(-0.002), None], "{text:?}");
    }
}

#[test]
fn quotes_hold_separators_line_breaks_and_quotes() {
    let found = table("\"a, b\",c\n\"x\"\"y\n z\",1\nw,2\nv,three\n");
    assert_eq!(labels(found.labels("a, b").unwrap()), ["x\"y\n z", "w", "v"]);
    let error = found.numbers("c").unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 5, column `c`: `three` is no number");
}

#[test]
fn labels_stay_as_they_are_written() {
    let found = table("id,class,dyad\n12345678901234567890123,a,1\n12345678901234567890124,b,1\n007,b,\n");
    assert_eq!(labels(found.labels("id").unwrap()), ["12345678901234567890123", "12345678901234567890124", "007"]);
    assert_eq!(labels(found.labels("class+dyad").unwrap()), ["a+1", "b+1", "-"]);
    assert!(!found.is_text("id").unwrap() && found.is_text("class").unwrap());
    let error = found.labels("class+dyads").unwrap_err();
    assert!(error.way_out().starts_with("Did you mean `dyad`?"), "{}", error.way_out());
}

#[test]
fn codes_of_missing_values() {
    let text = "age,score\n999,999\n31,999.0\n0,-9\n";
    let read = |codes: &[&str]| {
        let reading = Reading { missing: Missing::new(codes.iter().copied()), ..Reading::default() };
        let found = Dataset::from_csv("t.csv", text.as_bytes(), &reading).unwrap();
        [found.numbers("age").unwrap(), found.numbers("score").unwrap()]
    };
    assert_eq!(read(&[])[0], [Some(999.0), Some(31.0), Some(0.0)]);
    assert_eq!(read(&["999"]), [vec![None, Some(31.0), Some(0.0)], vec![None, None, Some(-9.0)]]);
    let reading = Reading { missing: Missing::new(["scores=999"]), ..Reading::default() };
    let error = Dataset::from_csv("t.csv", text.as_bytes(), &reading).unwrap_err();
    assert!(error.way_out().starts_with("Did you mean `score`?"), "{error}");
    assert_eq!(read(&["score=999", "score=-9"]), [vec![Some(999.0), Some(31.0), Some(0.0)], vec![None, None, None]]);
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (bytes, expected) in [
        (&b""[..], "t.csv is empty"),
        (b"\n\n  \n", "t.csv is empty"),
        (b"\xef\xbb\xbf", "t.csv is empty"),
        (b"a,b\n", "a header of 2 column(s) and no row of data"),
        (b"a,b\n1,2\n3\n", "line 3: 1 field(s) where the header has 2"),
        (b"a,b\n1,2,3\n", "line 2: 3 field(s) where the header has 2 | Put fields"),
        (b"a,b\n1,\"2\n3,4\n5,6,7\n", "line 2: a quotation mark (\") is opened and not closed"),
        (b"a,b\n\"x\n1,2\n\"y\n", "may be open"),
        (b"name,score\nM\xfcller,1\n", "line 2: the byte 0xFC is not UTF-8 | It was probably saved in Latin-1"),
        (b"\xff\xfea\0,\0", "UTF-16"),
        (b"PK\x03\x04 and so on", "Excel"),
    ] {
        let found = refused(bytes);
        assert!(found.contains(expected), "{found}\nnot: {expected}");
    }
}

#[test]
fn a_wrong_cell_or_name_is_named() {
    let found = table("y,y,Score,x\n1,1,inf,1.5\n2,2,1e999,\"1,5\"\n3,3,nan,2\n");
    let said = |error: DataError| format!("{error} | {}", error.way_out());
    let two = said(found.numbers("y").unwrap_err());
    assert!(two.starts_with("t.csv has two columns `y`, the 1. and the 2."), "{two}");
    let near = said(found.numbers("score").unwrap_err());
    assert!(near.contains("Did you mean `Score`? It has `y`, `y`, `Score` and `x`"), "{near}");
    let infinite = said(found.numbers("Score").unwrap_err());
    assert!(infinite.contains("line 2, column `Score`: `inf` is no number | Expected a finite number"), "{infinite}");
    let comma = said(found.numbers("x").unwrap_err());
    assert!(comma.contains("`1,5` is no number | Expected a number with a decimal point"), "{comma}");
    assert!(said(found.numbers("").unwrap_err()).contains("no column ``"));
    let huge = table("a\n1\n1e999\n");
    assert!(said(huge.numbers("a").unwrap_err()).contains("below 1.8e308"));
    let both = table("a;b\n1,5;1\n1.234;2\n");
    let error = said(both.numbers("a").unwrap_err());
    assert!(error.contains("a decimal comma (line 2) and a decimal point (line 3)"), "{error}");
}

#[test]
fn a_text_of_one_column_may_be_split_otherwise() {
    let found = table("a:b:c\n1:2:3\n");
    assert!(found.numbers("b").unwrap_err().way_out().ends_with("It has `a:b:c`."));
    let reading = Reading { separator: Some(b':'), ..Reading::default() };
    let found = Dataset::from_csv("t.csv", b"a:b:c\n1:2:3\n", &reading).unwrap();
    assert_eq!(found.numbers("b").unwrap(), [Some(2.0)]);
}

/// A file that pandas wrote: what is a category or a small integer there is read, a type that is not is named with its way out.
#[test]
fn categories_and_small_integers_of_parquet() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/categories.parquet");
    let found = Dataset::open(path, &Reading::default()).unwrap();
    assert_eq!(found.rows(), 5);
    assert_eq!(labels(found.labels("arm").unwrap()), ["training", "talk", "-", "talk", "training"]);
    assert_eq!(labels(found.labels("grade").unwrap()), ["low", "high", "high", "-", "low"]);
    assert_eq!(found.numbers("room").unwrap(), [Some(7.0), Some(9.0), Some(7.0), None, Some(9.0)]);
    assert_eq!(found.numbers("small").unwrap(), [-128, 127, 0, -1, 5].map(|value| Some(f64::from(value))));
    assert_eq!(found.numbers("short").unwrap(), [Some(-32768.0), Some(32767.0), None, Some(0.0), Some(-9.0)]);
    assert_eq!(found.numbers("byte").unwrap(), [0, 255, 1, 2, 3].map(|value| Some(f64::from(value))));
    assert_eq!(found.numbers("y").unwrap(), [Some(0.1), Some(-2.5), None, Some(4.0), Some(1e-3)]);
    assert_eq!(labels(found.labels("word").unwrap()), ["a", "b", "-", "d", "e"]);
    let said = |error: DataError| format!("{error} | {}", error.way_out());
    let paid = said(found.numbers("paid").unwrap_err());
    assert!(
        paid.contains("the type Decimal is not read") && paid.contains("data[[\"paid\"]] <- as.numeric("),
        "{paid}"
    );
    let day = said(found.labels("day").unwrap_err());
    assert!(day.contains("the type Date32 is not read") && day.contains("data[\"day\"].astype(str)"), "{day}");
    // An interval is no number, although Parquet holds one.
    assert!(said(found.numbers("took").unwrap_err()).contains("the type Duration is not read"));
}

#[test]
fn what_is_no_parquet_is_refused() {
    for bytes in [&b""[..], b"PAR1", b"PAR1 and nothing else PAR1", b"a,b\n1,2\n"] {
        let error = Dataset::from_parquet("t.parquet", bytes.to_vec(), &Reading::default()).unwrap_err();
        assert!(matches!(error, DataError::NotParquet { .. }), "{error}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), separator in any::<Option<u8>>()) {
        let reading = Reading { separator, missing: Missing::new(["999"]) };
        if let Ok(found) = Dataset::from_csv("t.csv", &bytes, &reading) {
            for name in found.names().map(str::to_owned).collect::<Vec<_>>() {
                let _ = (found.numbers(&name), found.labels(&name), found.is_text(&name));
            }
        }
    }

    /// Bytes that look like a table more often than arbitrary ones do.
    #[test]
    fn near_tables_never_panic(text in "[ab0-9.,;\"\n\r\t é−e+inf-]{0,120}") {
        if let Ok(found) = Dataset::from_csv("t.csv", text.as_bytes(), &Reading::default()) {
            prop_assert!(found.rows() > 0);
            for name in found.names().map(str::to_owned).collect::<Vec<_>>() {
                if let Ok(values) = found.numbers(&name) {
                    prop_assert!(values.iter().flatten().all(|value| value.is_finite()));
                }
                let _ = found.labels(&name);
                prop_assert!(found.place(found.rows() - 1).starts_with("line "));
            }
        }
    }

    /// Any finite number comes back, bit for bit, as it was written.
    #[test]
    fn numbers_survive(value in prop::num::f64::NORMAL | prop::num::f64::ZERO) {
        for text in [format!("{value}"), format!("{value:e}")] {
            let found = table(&format!("x\n{text}\n"));
            prop_assert_eq!(found.numbers("x").unwrap()[0].map(f64::to_bits), Some(value.to_bits()));
        }
        let german = table(&format!("x;y\n{};0\n", value.to_string().replace('.', ",")));
        prop_assert_eq!(german.numbers("x").unwrap()[0], Some(value));
    }
}
