//! The package of the function: the program, a copy of the scripts, and whose work is in it. The
//! same files make the same bytes.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::Architecture;

/// The folder of the scripts in a package; the host looks for them there.
const SCRIPTS: &str = "scripts";
/// The most that a package may have unpacked: 250 MB (Lambda quotas).
const UNPACKED: usize = 250 * 1000 * 1000;
/// The notices of what is in the program.
const NOTICES: &str = "THIRD-PARTY-NOTICES.html";

/// What a package is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The program.
    pub bootstrap: Vec<u8>,
    /// The copy of the scripts, which serves when S3 is down at a cold start.
    pub scripts: Vec<PackagedFile>,
    /// The notices of third parties.
    pub notices: Option<Vec<u8>>,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedFile {
    /// Its name, with `/` between folders.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The checksum of a package, as different tools show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// In hexadecimal, as `sha256sum` prints it.
    pub sha256: String,
    /// In Base64, as `CodeSha256` of a function has it.
    pub code_sha256: String,
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The program is none that Lambda runs.
    #[error(
        "it is no Linux program for x86_64 or arm64; build it with `cargo build --release --package moonring-lambda` on Linux"
    )]
    NoProgram,
    /// The program is for another processor.
    #[error(
        "it is for {found}, and {wanted} was asked for; give --bootstrap a program for {wanted}"
    )]
    OtherProcessor {
        /// What it is for.
        found: Architecture,
        /// What was asked for.
        wanted: Architecture,
    },
    /// There is more than Lambda takes.
    #[error("the package has {bytes} bytes unpacked; Lambda takes at most {UNPACKED}")]
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(#[from] zip::result::ZipError),
}

impl Package {
    /// What the program is for.
    ///
    /// # Errors
    /// [`PackageError::NoProgram`], or [`PackageError::OtherProcessor`] where another one is wanted.
    pub fn architecture(&self, wanted: Option<Architecture>) -> Result<Architecture, PackageError> {
        let found = Architecture::of_program(&self.bootstrap).ok_or(PackageError::NoProgram)?;
        match wanted.filter(|wanted| *wanted != found) {
            Some(wanted) => Err(PackageError::OtherProcessor { found, wanted }),
            None => Ok(found),
        }
    }

    /// The archive. The same files make the same bytes: no times, names in order.
    ///
    /// # Errors
    /// [`PackageError::TooLarge`], [`PackageError::Archive`].
    pub fn zip(&self) -> Result<Vec<u8>, PackageError> {
        let rest = self.scripts.iter().map(|file| &file.bytes).chain(&self.notices);
        let bytes = self.bootstrap.len() + rest.map(Vec::len).sum::<usize>();
        if bytes > UNPACKED {
            return Err(PackageError::TooLarge { bytes });
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::default());
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let mut write = |name: &str, mode: u32, bytes: &[u8]| {
            archive.start_file(name, options.unix_permissions(mode))?;
            archive.write_all(bytes).map_err(zip::result::ZipError::from)
        };
        write("bootstrap", 0o755, &self.bootstrap)?;
        if let Some(notices) = &self.notices {
            write(NOTICES, 0o644, notices)?;
        }
        let mut scripts: Vec<&PackagedFile> = self.scripts.iter().collect();
        scripts.sort_by(|one, other| one.name.cmp(&other.name));
        for file in scripts {
            write(&format!("{SCRIPTS}/{}", file.name), 0o644, &file.bytes)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

impl Sums {
    /// The checksum of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let sum = Sha256::digest(bytes);
        let sha256 = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { sha256, code_sha256: STANDARD.encode(sum) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn package() -> Package {
        let mut bootstrap = b"\x7fELF\x02\x01\x01".to_vec();
        bootstrap.resize(4096, 0);
        bootstrap[18] = 0xb7;
        let file =
            |name: &str| PackagedFile { name: name.to_owned(), bytes: b"return {}".to_vec() };
        let scripts = vec![file("main.lua"), file("lib/hours.lua")];
        Package { bootstrap, scripts, notices: Some(b"MIT".to_vec()) }
    }

    #[test]
    fn a_package_has_the_program_that_runs_the_notices_and_the_scripts() {
        let bytes = package().zip().unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let names: Vec<String> =
            archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["bootstrap", NOTICES, "scripts/lib/hours.lua", "scripts/main.lua"]);
        assert_eq!(archive.by_name("bootstrap").unwrap().unix_mode().unwrap() & 0o777, 0o755);
        let mut text = String::new();
        archive.by_name("scripts/main.lua").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "return {}");
    }

    #[test]
    fn the_same_files_in_another_order_make_the_same_bytes() {
        let mut other = package();
        other.scripts.reverse();
        assert_eq!(other.zip().unwrap(), package().zip().unwrap());
        other.scripts[0].bytes.push(b' ');
        assert_ne!(other.zip().unwrap(), package().zip().unwrap());
    }

    #[test]
    fn a_program_for_another_processor_is_refused() {
        assert_eq!(package().architecture(None).unwrap(), Architecture::Arm64);
        let told = package().architecture(Some(Architecture::X86_64)).unwrap_err().to_string();
        assert!(told.starts_with("it is for arm64, and x86_64 was asked for"), "{told}");
        let script = Package { bootstrap: b"#!/bin/sh".to_vec(), ..package() };
        assert!(matches!(script.architecture(None), Err(PackageError::NoProgram)));
    }

    #[test]
    fn the_checksum_is_as_the_tools_show_it() {
        let sums = Sums::of(b"");
        assert!(sums.sha256.starts_with("e3b0c44298fc1c14"));
        assert_eq!(sums.code_sha256, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
