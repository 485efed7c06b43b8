//! CSV into records: encoding, separator, header, and rows as long as the header.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::CELLS;
use super::cell::Decimal;
use super::error::DataError;

/// What a file holds: all fields in one text, row after row.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    text: String,
    /// Where each field ends.
    ends: Vec<usize>,
    columns: usize,
    /// The line of the file (from 1) on which each row begins.
    pub lines: Vec<u64>,
    pub decimal: Decimal,
}

impl Fields {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A field without spaces around it.
    pub fn get(&self, row: usize, column: usize) -> &str {
        let index = row * self.columns + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text[start..self.ends[index]].trim()
    }
}

/// Separators that are looked for.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The header and what is below it.
pub(super) fn read(name: &str, bytes: &[u8], separator: Option<u8>) -> Result<(Vec<String>, Fields), DataError> {
    let text = utf8(name, bytes)?;
    let separator = separator.unwrap_or_else(|| separator_of(text));
    let mut records = Records::new(text, separator);
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let decimal = if matches!(separator, b';' | b'\t') { Decimal::Either } else { Decimal::Point };
    let mut fields = Fields { text: String::new(), ends: Vec::new(), columns: 0, lines: Vec::new(), decimal };
    let mut header: Option<Vec<String>> = None;
    while let Some((start, record)) = records.next() {
        let line = lines.of(start.from);
        if start.open {
            return Err(DataError::OpenQuote { name: name.to_owned(), line });
        }
        // Spreadsheets leave rows of nothing but separators behind.
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let Some(header) = &header else {
            fields.columns = record.len();
            header = Some(record.into_iter().map(|field| field.trim().to_owned()).collect());
            continue;
        };
        let (found, expected) = (record.len(), header.len());
        if found != expected {
            let spans = record.iter().any(|field| field.contains(['\n', '\r']));
            return Err(DataError::Ragged { name: name.to_owned(), line, found, expected, spans });
        }
        for field in record {
            fields.text.push_str(field);
            fields.ends.push(fields.text.len());
        }
        fields.lines.push(line);
        if fields.ends.len() > CELLS {
            return Err(DataError::TooManyCells { name: name.to_owned() });
        }
    }
    let Some(header) = header else { return Err(DataError::Empty { name: name.to_owned() }) };
    if fields.lines.is_empty() {
        return Err(DataError::HeaderOnly { name: name.to_owned(), columns: header.len() });
    }
    Ok((header, fields))
}

/// The records of a text, one after the other.
struct Records<'a> {
    reader: Reader,
    text: &'a [u8],
    at: usize,
    /// The record's fields without their quotation marks: never longer than the text.
    buffer: Vec<u8>,
    ended: bool,
}

struct Place {
    from: usize,
    /// Whether a quotation mark is open at its end: the record runs over lines with an odd number of them.
    open: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { reader, text: text.as_bytes(), at: 0, buffer: vec![0; text.len() + 1], ended: false }
    }

    /// The next record: where it was looked for from, and its fields.
    fn next(&mut self) -> Option<(Place, Vec<&str>)> {
        let start = self.at;
        let (mut written, mut ends) = (0, Vec::new());
        while !self.ended {
            let (result, taken, put) = self.reader.read_field(&self.text[self.at..], &mut self.buffer[written..]);
            self.at += taken;
            written += put;
            match result {
                // The end of the text is told by asking once more.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => {
                    ends.push(written);
                    if record_end {
                        break;
                    }
                }
                ReadFieldResult::OutputFull | ReadFieldResult::End => self.ended = true,
            }
        }
        if ends.is_empty() {
            return None;
        }
        let raw = self.text[start..self.at].trim_ascii();
        let odd = raw.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        let open = odd && raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        let mut from = 0;
        let field = |end: usize| {
            let bytes = &self.buffer[std::mem::replace(&mut from, end)..end];
            // What was UTF-8 stays so: only quotation marks are taken away.
            std::str::from_utf8(bytes).unwrap_or_default()
        };
        Some((Place { from: start, open }, ends.into_iter().map(field).collect()))
    }
}

/// The text of the bytes, without a byte order mark; what else they may be is named.
fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, DataError> {
    let name = || name.to_owned();
    let known: [(&[u8], &'static str); 5] = [
        (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"$FL2", "an SPSS data file"),
        (b"\xff\xfe", "a text in UTF-16"),
        (b"\xfe\xff", "a text in UTF-16"),
    ];
    if let Some((_, what)) = known.into_iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(DataError::Foreign { name: name(), what });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
        DataError::NotUtf8 { name: name(), line, byte: bytes[error.valid_up_to()] }
    })
}

/// The separator that the header has most of, the first of [`SEPARATORS`] where two are as frequent.
fn separator_of(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let (false, Some(which)) = (quoted, SEPARATORS.iter().position(|separator| *separator == byte)) {
            counts[which] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).map_or(b',', |which| SEPARATORS[which])
}

/// Line numbers of ascending places in a text.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record stands that was looked for from this byte on: empty lines before it do not count as its own.
    fn of(&mut self, from: usize) -> u64 {
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let rest = self.text.get(from..).unwrap_or_default();
        let start = from + rest.iter().take_while(|byte| is_break(byte)).count();
        while self.at < start.min(self.text.len()) {
            let alone = self.text[self.at] == b'\r' && self.text.get(self.at + 1) != Some(&b'\n');
            self.line += u64::from(self.text[self.at] == b'\n' || alone);
            self.at += 1;
        }
        self.line
    }
}
