//! A file that a user names, read up to a bound: whatever it is, it neither hangs what reads it nor fills the memory.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// All of a file of at most so many bytes, or of a pipe that ends before so many: `<(...)`, `/dev/stdin`.
///
/// A named pipe to which nobody writes waits until somebody does, as in every program: that none will come is not known here.
///
/// # Errors
/// What the system says; that it is a folder or a device, such as `/dev/zero`; that it has more bytes.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if is_device(&about) {
        return Err(io::Error::other("it is a device, neither a file nor a pipe"));
    }
    let largest = size(most);
    if about.len() > most {
        return Err(io::Error::other(format!("it has {} bytes, and {largest} are the most that is read", about.len())));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it goes on after {largest}, the most that is read")));
    }
    Ok(bytes)
}

/// Powers of two as they are said.
fn size(bytes: u64) -> String {
    match bytes {
        0..0x10_0000 => format!("{bytes} bytes"),
        _ => format!("{} MB", bytes >> 20),
    }
}

#[cfg(unix)]
fn is_device(about: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    about.file_type().is_char_device() || about.file_type().is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_bound_and_not_beyond() {
        let path = std::env::temp_dir().join(format!("peerlab input {}", std::process::id()));
        fs::write(&path, "12345678").unwrap();
        assert_eq!(read(&path, 8).unwrap(), b"12345678");
        let said = read(&path, 7).unwrap_err().to_string();
        assert_eq!(said, "it has 8 bytes, and 7 bytes are the most that is read");
        fs::remove_file(&path).unwrap();
        assert!(read(&path, 8).is_err());
        assert_eq!(read(&std::env::temp_dir(), 8).unwrap_err().to_string(), "it is a folder");
        assert_eq!(size(512 << 20), "512 MB");
    }

    /// Where the length is not known beforehand, as of a pipe, what is read is bounded all the same.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_does_not_say_its_length_is_not_read_beyond_the_bound() {
        let path = Path::new("/proc/self/maps");
        assert_eq!(fs::metadata(path).unwrap().len(), 0);
        assert_eq!(read(path, 9).unwrap_err().to_string(), "it goes on after 9 bytes, the most that is read");
        assert!(!read(path, 1 << 24).unwrap().is_empty());
        for device in ["/dev/zero", "/dev/urandom", "/dev/full"] {
            let said = read(Path::new(device), 1 << 20).unwrap_err().to_string();
            assert_eq!(said, "it is a device, neither a file nor a pipe", "{device}");
        }
    }
}
