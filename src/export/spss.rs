//! Syntax that reads a CSV file of an export into SPSS: types, labels and levels of measurement.

use super::Sheet;
use super::variable::Variable;
use crate::results::Kind;

/// Longest label that SPSS keeps, in bytes.
const LABEL: usize = 255;

/// The syntax for one file.
pub(super) fn syntax(file: &str, sheet: &Sheet) -> String {
    let mut text = format!(
        "* Reads {file} into SPSS. Put the path of this folder between the quotation marks, then run everything.\n\
         CD '.'.\n\
         GET DATA\n  /TYPE=TXT\n  /FILE='{file}'\n  /ENCODING='UTF8'\n  /ARRANGEMENT=DELIMITED\n  /DELIMITERS=','\n  \
         /QUALIFIER='\"'\n  /FIRSTCASE=2\n  /VARIABLES=\n",
    );
    for (index, variable) in sheet.variables.iter().enumerate() {
        let format = match sheet.kind(index) {
            Kind::Text => format!("A{}", sheet.widest(index)),
            Kind::Real => "F25.16".to_owned(),
            Kind::Integer | Kind::Partition | Kind::Flag => format!("F{}.0", sheet.widest(index).max(1)),
        };
        text.push_str(&format!("    {} {format}\n", variable.column.name));
    }
    text.push_str("  .\nVARIABLE LABELS\n");
    for variable in &sheet.variables {
        text.push_str(&format!("  {} {}\n", variable.column.name, quoted(&variable.column.description)));
    }
    text.push_str("  .\n");
    let labeled = |variable: &&Variable| variable.column.kind == Kind::Integer && !variable.values.is_empty();
    for variable in sheet.variables.iter().filter(labeled) {
        let values = variable.values.iter().map(|(code, label)| format!(" {code} {}", quoted(label)));
        text.push_str(&format!("VALUE LABELS {}{}.\n", variable.column.name, values.collect::<String>()));
    }
    let names = |wanted: &dyn Fn(&Variable) -> bool| {
        let names = sheet.variables.iter().filter(|one| wanted(one)).map(|one| one.column.name.as_str());
        names.collect::<Vec<_>>().join("\n  ")
    };
    let nominal = names(&|one| one.column.kind == Kind::Text || one.column.unit == "number" || !one.values.is_empty());
    let reals = names(&|one| one.column.kind == Kind::Real);
    text.push_str(&format!("VARIABLE LEVEL\n  {nominal}\n  (NOMINAL)\n  /{reals}\n  (SCALE).\n"));
    text.push_str(&format!("FORMATS\n  {reals}\n  (F10.3).\nEXECUTE.\n"));
    text
}

/// Between quotation marks, cut where SPSS would.
fn quoted(text: &str) -> String {
    let mut end = text.len().min(LABEL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("'{}'", text[..end].replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn labels_are_quoted_and_cut() {
        assert_eq!(quoted("a person's"), "'a person''s'");
        assert_eq!(quoted(&"é".repeat(200)).len(), 2 + 254);
    }
}
