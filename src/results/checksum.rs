//! SHA-256 of what is written and of what is there.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::error::{Error, Result};

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The checksum of some bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Length and checksum of a file, read in pieces.
pub(super) fn of_file(path: &Path) -> Result<(u64, String)> {
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(n) => {
                hash.update(&piece[..n]);
                bytes += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io("read", path)(error)),
        }
    }
}

/// A file that knows the checksum of what went through it, so that nothing is read again.
///
/// A Parquet writer keeps its sink to itself; clones share the one file, so the owner can still ask and close it.
#[derive(Clone)]
pub(super) struct Sink(Arc<Mutex<State>>);

struct State {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    /// The first system error, before a Parquet library dresses it up.
    failure: Option<io::Error>,
}

impl Sink {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(State {
            file: BufWriter::with_capacity(1 << 18, File::create(path)?),
            hash: Sha256::new(),
            bytes: 0,
            failure: None,
        }))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The system error behind a failed write, once.
    pub(super) fn failure(&self) -> Option<io::Error> {
        self.state().failure.take()
    }

    /// Puts everything on disk; gives length and checksum.
    pub(super) fn close(&self) -> io::Result<(u64, String)> {
        let mut state = self.state();
        state.file.flush()?;
        state.file.get_ref().sync_data()?;
        Ok((state.bytes, hex(&state.hash.clone().finalize())))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let state = &mut *self.state();
        if let Err(error) = state.file.write_all(bytes) {
            let kind = error.kind();
            state.failure.get_or_insert(error);
            return Err(kind.into());
        }
        state.hash.update(bytes);
        state.bytes += bytes.len() as u64;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let state = &mut *self.state();
        if let Err(error) = state.file.flush() {
            let kind = error.kind();
            state.failure.get_or_insert(error);
            return Err(kind.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::Folder;

    #[test]
    fn agrees_with_the_published_vector() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), expected);
        let folder = Folder::new("checksum");
        let path = folder.join("abc");
        let mut sink = Sink::create(&path).unwrap();
        sink.write_all(b"a").unwrap();
        assert_eq!(sink.write(b"bc").unwrap(), 2);
        assert_eq!(sink.close().unwrap(), (3, expected.to_owned()));
        assert_eq!(of_file(&path).unwrap(), (3, expected.to_owned()));
    }
}
