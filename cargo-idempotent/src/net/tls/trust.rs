//! Whose certificates are believed: the machine's authorities, those of files, or all.

use std::path::{Path, PathBuf};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The authorities that the machine lists: a company's own are among them.
    #[default]
    Platform,
    /// Those of PEM files, and no others.
    Authorities(Vec<PathBuf>),
    /// Nobody is asked.
    Unchecked,
}

/// The authorities, and the certificates that were given as such.
#[derive(Debug)]
pub(super) struct Roots {
    pub(super) store: RootCertStore,
    pub(super) given: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// What a report has to say of it.
    pub(crate) fn caveat(&self) -> Option<&'static str> {
        (*self == Self::Unchecked).then_some(
            "certificates are not checked (--insecure): another server may answer in its place",
        )
    }

    /// Lines for a script that has curl trust the same.
    pub(crate) fn shell(&self) -> String {
        let own = |option: &str| format!("curl() {{ command curl {option} \"$@\"; }}\n");
        match self {
            Self::Platform => String::new(),
            Self::Unchecked => own("--insecure"),
            Self::Authorities(files) => {
                let files = files.iter().map(|f| {
                    let file = std::path::absolute(f).unwrap_or_else(|_| f.clone());
                    crate::export::quoted(&file.display().to_string())
                });
                let files: Vec<_> = files.collect();
                match &files[..] {
                    [file] => own(&format!("--cacert {file}")),
                    // Of several curl would take the last one.
                    files => format!(
                        "CACERT=$(mktemp)\ncat {} >\"$CACERT\"\n{}",
                        files.join(" "),
                        own("--cacert \"$CACERT\"")
                    ),
                }
            }
        }
    }

    /// The authorities; none if nobody is asked.
    pub(super) fn roots(&self) -> Result<Option<Roots>, String> {
        let (certificates, given) = match self {
            Self::Unchecked => return Ok(None),
            Self::Platform => (platform()?, Vec::new()),
            Self::Authorities(files) => {
                let mut all = Vec::new();
                for file in files {
                    all.extend(read(file)?);
                }
                (all.clone(), all)
            }
        };
        let mut store = RootCertStore::empty();
        // A machine's list may hold some that this library cannot read.
        let (added, _) = store.add_parsable_certificates(certificates);
        if added == 0 {
            return Err("none of the authorities' certificates can be read".into());
        }
        Ok(Some(Roots { store, given }))
    }
}

fn platform() -> Result<Vec<CertificateDer<'static>>, String> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found.errors.first().map(|e| format!(" ({e})"));
        return Err(format!(
            "this machine lists no authorities{}: install its package of them (ca-certificates), \
             or give the right one by --cacert FILE",
            why.unwrap_or_default()
        ));
    }
    Ok(found.certs)
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let shown = file.display();
    let read = CertificateDer::pem_file_iter(file).map_err(|e| format!("--cacert {shown}: {e}"))?;
    let read: Result<Vec<_>, _> = read.collect();
    let read = read.map_err(|e| format!("--cacert {shown}: {e}"))?;
    if read.is_empty() {
        return Err(format!(
            "--cacert {shown}: it has no certificate in PEM (-----BEGIN CERTIFICATE-----)"
        ));
    }
    Ok(read)
}
