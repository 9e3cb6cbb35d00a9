//! A folder of mails: each is a file in the Internet Message Format (RFC 5322), for another program to carry further, or
//! for tests of applications.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::smtp::message;
use super::{Letter, SendError, Transport};

/// Puts mails into a folder.
pub struct FileTransport {
    folder: PathBuf,
}

impl FileTransport {
    /// Into this folder, which is there.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[async_trait::async_trait]
impl Transport for FileTransport {
    /// `<id>.eml`, readable by this program's user alone; whole from the moment that it has its name, and the same file
    /// when it is sent again.
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let text = message(letter)?.formatted();
        let name: String = letter.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let file = self.folder.join(format!("{name}.eml"));
        let written = tokio::task::spawn_blocking(move || write(&file, &text)).await;
        let failed = |kind: io::ErrorKind| SendError::Temporary(format!("the folder of mails: {kind}"));
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failed(error.kind())),
            Err(_) => Err(failed(io::ErrorKind::Other)),
        }
    }

    async fn probe(&self) -> Result<&'static str, SendError> {
        if self.folder.is_dir() {
            return Ok("the folder of mails is there");
        }
        Err(SendError::Temporary("the folder of mails is not there".to_owned()))
    }
}

fn write(file: &Path, text: &[u8]) -> io::Result<()> {
    let unfinished = file.with_extension("part");
    let mut open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    open.write_all(text)?;
    open.sync_all()?;
    std::fs::rename(&unfinished, file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::letter;
    use super::*;

    /// Wishes: 118.
    #[tokio::test]
    async fn a_mail_is_a_file_that_nobody_else_reads() {
        let folder = tempfile::tempdir().unwrap();
        let transport = FileTransport::new(folder.path().to_owned());
        assert!(transport.probe().await.is_ok());
        for _ in 0..2 {
            transport.send(&letter("jean@example.com")).await.unwrap();
        }
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files, [folder.path().join("0192-letter.eml")], "sent twice, it is one");
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("To: jean@example.com") && text.contains("123456"), "{text}");
        assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_tried_again() {
        let transport = FileTransport::new("/nowhere/at/all".into());
        assert!(matches!(transport.send(&letter("jean@example.com")).await, Err(SendError::Temporary(_))));
        assert!(transport.probe().await.is_err());
    }
}
