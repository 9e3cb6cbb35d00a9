//! `guichet healthcheck`: what a container asks of the server beside it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::config::says;
use crate::program::{Said, Serving, guichet};

fn healthcheck(arguments: &[&str], settings: &[(&str, &str)]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    guichet(folder.path(), &[&["healthcheck"], arguments].concat(), settings)
}

#[test]
fn a_server_that_can_serve_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[]);
    let (base, address) = (server.base(), server.address());
    assert_eq!(healthcheck(&[], &[("GUICHET_LISTEN", &address)]).well(), "ready\n");
    // On every address of the machine, as in a container: this machine is one of them.
    let everywhere = address.replace("127.0.0.1", "0.0.0.0");
    assert_eq!(healthcheck(&[], &[("GUICHET_LISTEN", &everywhere)]).well(), "ready\n");
    assert_eq!(healthcheck(&["--url", &base], &[]).well(), "ready\n");
    // A proxy for the way out is none for this; and settings are not needed by who says where.
    let proxy = [("HTTP_PROXY", "http://127.0.0.1:1"), ("http_proxy", "http://127.0.0.1:1")];
    assert_eq!(healthcheck(&["--url", &base], &proxy).well(), "ready\n");
    assert_eq!(healthcheck(&["--url", &base], &[("GUICHET_NO_SUCH_KEY", "1")]).well(), "ready\n");

    server.kill();
    says(&healthcheck(&["--url", &base], &[]).failed(), &[&base, "no answer"]);
}

#[test]
fn a_server_that_cannot_serve_is_not_ready() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 1024];
        let length = stream.read(&mut head).unwrap();
        stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    says(&healthcheck(&["--url", &base], &[]).failed(), &[&base, "not ready", "503"]);
    assert!(asked.join().unwrap().starts_with("GET /readyz HTTP/1.1\r\n"));
}

#[test]
fn where_to_ask_must_be_known() {
    let any = [("GUICHET_LISTEN", "127.0.0.1:0")];
    says(&healthcheck(&[], &any).failed(), &["GUICHET_LISTEN", "127.0.0.1:0", "--url"]);
    says(&healthcheck(&[], &[("GUICHET_NO_SUCH_KEY", "1")]).failed(), &["GUICHET_NO_SUCH_KEY"]);
    for wrong in ["ftp://127.0.0.1", "nowhere"] {
        let said = healthcheck(&["--url", wrong], &[]);
        assert!(said.code == 2 && said.err.contains("--url"), "{said:?}");
    }
}
