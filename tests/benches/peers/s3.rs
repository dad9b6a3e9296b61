//! An S3 server that is no bottleneck: it lists and hands out the files of a folder from memory.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

const BUCKET: &str = "acme-ivr";

pub(crate) struct S3 {
    address: SocketAddr,
}

type Files = BTreeMap<String, Vec<u8>>;

impl S3 {
    /// A server of the files in a folder; it runs as long as this program.
    pub(crate) fn start(folder: &Path) -> Self {
        let files: Files = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                (format!("live/{name}"), std::fs::read(&path).unwrap())
            })
            .collect();
        let files = Arc::new(files);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let files = Arc::clone(&files);
                std::thread::spawn(move || serve(stream, &files));
            }
        });
        Self { address }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn location(&self) -> String {
        format!("s3://{BUCKET}/live")
    }
}

/// Answers what comes on one connection, until it ends.
fn serve(stream: TcpStream, files: &Files) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).is_ok_and(|read| read > 0)
        {
        }
        let Some(target) = head.split(' ').nth(1) else { return };
        let path = target.split('?').next().unwrap();
        let key = path.trim_start_matches('/').trim_start_matches(BUCKET).trim_start_matches('/');
        let (body, kind) = match files.get(key) {
            Some(body) => (body.clone(), "binary/octet-stream"),
            None => (listing(files).into_bytes(), "application/xml"),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\netag: {}\r\nlast-modified: Sat, 21 Nov 2026 12:00:00 GMT\r\ncontent-length: {}\r\n\r\n",
            etag(&body),
            body.len()
        );
        if stream.get_mut().write_all(&[head.as_bytes(), &body].concat()).is_err() {
            return;
        }
    }
}

fn listing(files: &Files) -> String {
    let contents: String = files
        .iter()
        .map(|(key, body)| {
            format!(
                "<Contents><Key>{key}</Key><LastModified>2026-11-21T12:00:00.000Z</LastModified><ETag>{}</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
                etag(body).replace('"', "&quot;"),
                body.len()
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{BUCKET}</Name><Prefix>live/</Prefix><KeyCount>{}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>",
        files.len()
    )
}

/// A mark of what is in a file; nothing here changes, so its length will do.
fn etag(body: &[u8]) -> String {
    format!("\"{:032x}\"", body.len())
}
