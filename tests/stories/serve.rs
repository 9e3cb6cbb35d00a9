//! `guichet serve`: the first start, many at once, and the end.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, SESSION_COOKIE};

use crate::program::{DEADLINE, Serving, eventually, guichet};

pub(crate) fn browser(server: &mut Serving) -> Browser {
    let base = server.base();
    Browser::new(&base, &base)
}

async fn is_open(server: &mut Serving) {
    assert_eq!(browser(server).get("/ok").await.expect(200).json(), json!({"ok": true}));
}

pub(crate) fn secret(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("data/secret")).ok()
}

/// The code that was mailed to `to`; whichever of these servers was free has delivered it.
async fn code(servers: &[Browser], to: &str) -> String {
    let began = Instant::now();
    loop {
        for browser in servers {
            let mails =
                browser.request("GET".parse().unwrap(), "/dev/mailbox.json", None, None).await.expect(200);
            if let Some(mail) = mails.json().as_array().unwrap().iter().find(|mail| mail["to"] == to) {
                let mut words = mail["text"].as_str().unwrap().split(|c: char| !c.is_ascii_digit());
                return words.find(|word| word.len() == 6).unwrap().to_owned();
            }
        }
        assert!(began.elapsed() < DEADLINE, "no mail to {to}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Signs in on the first server, by a code.
pub(crate) async fn sign_in(servers: &[Browser], email: &str) -> Value {
    let ask = json!({"email": email, "type": "sign-in"});
    servers[0].post("/email-otp/send-verification-otp", ask).await.expect(200).json();
    let entry = json!({"email": email, "otp": code(servers, email).await});
    servers[0].post("/sign-in/email-otp", entry).await.expect(200).json()["user"].clone()
}

/// Wishes: 16.
#[tokio::test]
async fn an_empty_folder_is_enough_and_the_secret_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[]);
    is_open(&mut server).await;
    let first = secret(folder.path()).unwrap();
    let mode = |file: &str| fs::metadata(folder.path().join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!((first.trim_end().len(), mode("data/secret"), mode("data")), (48, 0o600, 0o700));
    server.terminate();
    assert!(server.ended().success());

    let mut again = Serving::open(folder.path(), &[], &[]);
    is_open(&mut again).await;
    assert_eq!(secret(folder.path()), Some(first));
}

guichet_testing::stories! {
    async fn ten_servers_open_at_once_on_one_empty_database(database) {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("GUICHET_DATABASE__URL", database.url()), ("GUICHET_DATABASE__CONNECTIONS", "3")];
        let mut servers: Vec<Serving> =
            (0..10).map(|_| Serving::spawn(folder.path(), &[], &settings)).collect();
        for server in &mut servers {
            is_open(server).await;
        }
        // They agree on the secret: a cookie that one signs, the others take.
        let browsers: Vec<Browser> = servers.iter_mut().map(browser).collect();
        sign_in(&browsers, "jean@example.com").await;
        let cookie = browsers[0].cookie(SESSION_COOKIE).unwrap();
        for browser in &browsers {
            browser.set_cookie(SESSION_COOKIE, &cookie);
            let session = browser.get("/get-session").await.expect(200).json();
            assert_eq!(session["user"]["email"], "jean@example.com");
        }
        assert_eq!(secret(folder.path()).unwrap().trim_end().len(), 48);
        let drafts = fs::read_dir(folder.path().join("data")).unwrap();
        assert!(drafts.flatten().all(|file| !file.file_name().to_string_lossy().starts_with(".secret")));
    }
}

#[test]
fn a_start_that_is_killed_leaves_a_whole_secret_or_none() {
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Serving::spawn(folder.path(), &[], &[]);
        eventually("the folder appears", || folder.path().join("data").exists().then_some(()));
        server.kill();
        let left = secret(folder.path());
        assert!(left.as_ref().is_none_or(|secret| secret.len() == 49), "{left:?}");
        let mut again = Serving::open(folder.path(), &[], &[]);
        again.base();
        assert!(left.is_none() || secret(folder.path()) == left);
    }
}

/// What a server says that is reached from everywhere.
fn said_to_everybody(plugins: &str) -> String {
    let folder = crate::config::folder(plugins);
    let server = Serving::open(folder.path(), &[], &[("GUICHET_LISTEN", "0.0.0.0:0")]);
    eventually("all is said", || Some(server.printed()).filter(|said| said.contains("Ctrl-C closes")))
}

#[test]
fn codes_are_said_to_be_open_where_something_shows_them() {
    let shown = said_to_everybody("[plugins.email-otp]\n[plugins.pages]\n");
    assert!(
        shown.contains("Development only") && shown.contains("reads every code at /dev/mailbox"),
        "{shown}"
    );
    let hidden = said_to_everybody("[plugins.email-otp]\n");
    assert!(!hidden.contains("Development only") && !hidden.contains("/dev/mailbox"), "{hidden}");
}

/// A request whose body the server waits for.
fn half_a_request(server: &mut Serving) -> (BufReader<TcpStream>, &'static str) {
    const BODY: &str = r#"{"email":"jean@example.com","type":"sign-in"}"#;
    let base = server.base();
    let mut stream = BufReader::new(TcpStream::connect(server.address()).unwrap());
    let host = base.trim_start_matches("http://");
    let head = format!(
        "POST /api/auth/email-otp/send-verification-otp HTTP/1.1\r\nHost: {host}\r\nOrigin: {base}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        BODY.len()
    );
    stream.get_mut().write_all(head.as_bytes()).unwrap();
    // The server asks for the body: it is in the middle of the request.
    assert_eq!(line(&mut stream), "HTTP/1.1 100 Continue");
    assert_eq!(line(&mut stream), "");
    (stream, BODY)
}

fn line(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn refuses_connections(server: &mut Serving) {
    let address = server.address();
    eventually("nobody is let in any more", || TcpStream::connect(&address).is_err().then_some(()));
}

#[test]
fn a_stop_finishes_what_is_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[]);
    let (mut stream, body) = half_a_request(&mut server);
    server.terminate();
    refuses_connections(&mut server);
    stream.get_mut().write_all(body.as_bytes()).unwrap();
    assert_eq!(line(&mut stream), "HTTP/1.1 200 OK");
    assert!(server.ended().success());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &[], &[]);
    let (_stream, _) = half_a_request(&mut server);
    server.terminate();
    refuses_connections(&mut server);
    server.terminate();
    assert_eq!(server.ended().code(), Some(1));
}

#[test]
fn an_address_in_use_is_said_with_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let _held = TcpListener::bind(taken).unwrap();
    let said = guichet(folder.path(), &["serve"], &[("GUICHET_LISTEN", &taken.to_string())]).failed();
    assert!(
        said.contains(&format!("cannot listen at {taken}")) && said.contains("GUICHET_LISTEN="),
        "{said}"
    );
    // Nothing was made before that was known.
    assert!(!folder.path().join("data").exists());
}

/// Wishes: 132.
#[tokio::test]
async fn the_demo_lets_somebody_in_whom_only_the_business_knows() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::open(folder.path(), &["--demo"], &[]);
    let browser = browser(&mut server);
    let page = browser.request("GET".parse().unwrap(), "/client/login", None, None).await;
    assert_eq!(page.status, 200);
    let user = sign_in(&[browser], "jean@example.com").await;
    assert_eq!((&user["name"], &user["role"]), (&json!("Jean Dupont"), &json!("UTILISATEUR")), "{user}");

    // The command that it names explains the door, beside the running server.
    let line = eventually("the command is named", || {
        server.printed().lines().find(|line| line.contains("provision explain")).map(str::to_owned)
    });
    let words = line.split_whitespace().skip_while(|word| *word != "guichet").skip(1).take(4);
    let command: Vec<&str> = words.collect();
    assert_eq!(command, ["provision", "explain", "jean@example.com", "--demo"]);
    let said = guichet(folder.path(), &command, &[]).well();
    assert!(said.contains("portal client") && said.contains("comes in: the user has"), "{said}");

    // The second start finds it all there.
    server.terminate();
    assert!(server.ended().success());
    Serving::open(folder.path(), &["--demo"], &[]);
}
