//! A server of this process: files of a folder over HTTP, and wrong answers on demand.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A request: the path with its slash, and where the rest that is asked for begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    pub from: Option<usize>,
}

/// An answer.
#[derive(Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
    /// The connection ends after so many bytes of the body.
    pub cut: Option<usize>,
    /// What is waited for before it does.
    pub wait: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Reply {
    pub fn status(status: u16) -> Reply {
        Reply { status, ..Reply::default() }
    }

    pub fn redirect(to: &str) -> Reply {
        Reply { headers: vec![format!("Location: {to}")], ..Reply::status(302) }
    }

    /// A file as a decent server gives it.
    pub fn file(folder: &std::path::Path, asked: &Asked) -> Reply {
        let Ok(body) = fs::read(folder.join(asked.path.trim_start_matches('/'))) else { return Reply::status(404) };
        match asked.from {
            None => Reply { body, ..Reply::status(200) },
            Some(from) if from >= body.len() => Reply::status(416),
            Some(from) => {
                let range = format!("Content-Range: bytes {from}-{}/{}", body.len() - 1, body.len());
                Reply { headers: vec![range], body: body[from..].to_vec(), ..Reply::status(206) }
            }
        }
    }
}

/// What a client sends is read from it, the answer is written to it.
pub trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

type Answer = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

pub struct Server {
    pub url: String,
    address: std::net::SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server that answers each request by `answer`, which also hears how many there were for the same path before.
    pub fn new(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Server {
        Server::through("http", |stream| Box::new(stream), answer)
    }

    /// As [`Self::new`], with something between the connection and what is said on it.
    pub fn through(
        scheme: &str,
        connect: impl Fn(TcpStream) -> Box<dyn Connection> + Send + Sync + 'static,
        answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (answer, connect): (Arc<Answer>, _) = (Arc::new(answer), Arc::new(connect));
        let (all, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (answer, all, connect) = (Arc::clone(&answer), Arc::clone(&all), Arc::clone(&connect));
                std::thread::spawn(move || {
                    let socket = connection.try_clone().ok()?;
                    serve(&mut *connect(connection), &*answer, &all);
                    socket.shutdown(Shutdown::Both).ok()
                });
            }
        });
        Server { url: format!("{scheme}://{address}"), address, asked, stop, thread: Some(thread) }
    }

    /// A decent server.
    pub fn files(folder: PathBuf) -> Server {
        Server::new(move |asked, _| Reply::file(&folder, asked))
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(connection: &mut dyn Connection, answer: &Answer, all: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut lines = BufReader::new(&mut *connection).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut asked = Asked { path, from: None };
    for line in lines.by_ref() {
        let line = line.ok()?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(range) = line.strip_prefix("range: bytes=") {
            asked.from = range.trim_end_matches('-').parse().ok();
        }
    }
    let before = {
        let mut all = all.lock().ok()?;
        let before = all.iter().filter(|other| other.path == asked.path).count();
        all.push(asked.clone());
        before
    };
    let reply = answer(&asked, before);
    let headers: String = reply.headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        reply.status,
        reply.body.len()
    );
    connection.write_all(head.as_bytes()).ok()?;
    let body = &reply.body[..reply.cut.unwrap_or(reply.body.len()).min(reply.body.len())];
    connection.write_all(body).ok()?;
    connection.flush().ok()?;
    if let Some(wait) = &reply.wait {
        wait();
    }
    Some(())
}
