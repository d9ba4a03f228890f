//! Sockets and interfaces.

use crate::report::{Case, Stop, Test};
use platform::abi::{descriptor, file_type, open, socket as so};
use platform::{Errno, Fd, Platform, Received};

/// 127.0.0.1 as `struct sockaddr_in`.
fn loopback(port: [u8; 2]) -> [u8; 16] {
    let mut address = [0; 16];
    address[..2].copy_from_slice(&(so::AF_INET as u16).to_ne_bytes());
    address[2..4].copy_from_slice(&port);
    address[4..8].copy_from_slice(&[127, 0, 0, 1]);
    address
}

/// A socket of the internet on a free port of this machine, and its address.
fn bound<P: Platform>(t: &mut Test<'_, P>, kind: u32) -> Result<(Fd, [u8; 16]), Stop> {
    let fd = t.need("socket", "new", t.host.socket(so::AF_INET, kind | so::CLOSE_ON_EXEC, 0))?;
    t.same("bind", "a free port", t.host.bind(fd, &loopback([0, 0])), Ok(()));
    let mut address = [0; 16];
    t.same("socket_address", "own", t.host.socket_address(fd, false, &mut address), Ok(16));
    t.fact("a port was chosen", address[2..4] != [0, 0] && address == loopback([address[2], address[3]]));
    Ok((fd, address))
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    t.case("network", "descriptors", descriptors);
    t.case("network", "streams", streams);
    t.case("network", "datagrams", datagrams);
    t.case("network", "pairs", pairs);
    t.case("network", "interfaces", interfaces);
}

fn descriptors<P: Platform>(t: &mut Test<'_, P>) -> Case {
    let host = t.host;
    t.error("socket", "no such family", host.socket(9999, so::STREAM, 0), Errno::AFNOSUPPORT);
    t.error("bind", "no descriptor", host.bind(-1, &loopback([0, 0])), Errno::BADF);
    let fd = t.need("socket", "flags", host.socket(so::AF_INET, so::STREAM | so::NON_BLOCK | so::CLOSE_ON_EXEC, 0))?;
    t.same("descriptor_flags", "of a socket", host.descriptor_flags(fd), Ok(descriptor::CLOSE_ON_EXEC));
    let flags = host.status_flags(fd).map(|flags| flags & (open::NON_BLOCK | open::ACCESS_MODE));
    t.same("status_flags", "of a socket", flags, Ok(open::NON_BLOCK | open::READ_WRITE));
    let mode = host.stat(fd, b"", platform::abi::at::EMPTY_PATH).map(|stat| stat.mode & file_type::MASK);
    t.same("stat", "of a socket", mode, Ok(0o140_000));
    t.error("seek", "of a socket", host.seek(fd, 0, 0), Errno::SPIPE);
    t.error("socket_address", "not connected", host.socket_address(fd, true, &mut [0; 16]), Errno::NOTCONN);
    let mut value = [0; 4];
    t.same("socket_option", "its kind", host.socket_option(fd, so::LEVEL, so::TYPE, &mut value), Ok(4));
    t.equal("its kind", u32::from_ne_bytes(value), so::STREAM);
    let unknown = host.socket_option(fd, so::LEVEL, 9999, &mut value);
    t.error("socket_option", "no such option", unknown, Errno::NOPROTOOPT);
    let unknown = host.set_socket_option(fd, so::LEVEL, 9999, &value);
    t.error("set_socket_option", "no such option", unknown, Errno::NOPROTOOPT);
    t.close(fd);
    let file = t.make("file")?;
    t.error("listen", "a file", host.listen(file, 1), Errno::NOTSOCK);
    t.close(file);
    t.remove("file");
    Ok(())
}

fn streams<P: Platform>(t: &mut Test<'_, P>) -> Case {
    let host = t.host;
    let (listener, address) = bound(t, so::STREAM)?;
    t.same("listen", "one", host.listen(listener, 1), Ok(()));
    t.same("set_status_flags", "of a listener", host.set_status_flags(listener, open::NON_BLOCK), Ok(()));
    t.error("accept", "nobody calls", host.accept(listener, &mut [], 0), Errno::AGAIN);
    let client = t.need("socket", "client", host.socket(so::AF_INET, so::STREAM, 0))?;
    t.same("connect", "to ourselves", host.connect(client, &address), Ok(()));
    t.error("connect", "twice", host.connect(client, &address), Errno::ISCONN);
    let mut peer = [0; 28];
    let accepted = t.need("accept", "the client", host.accept(listener, &mut peer, so::CLOSE_ON_EXEC))?;
    let server = accepted.fd;
    t.equal("length of the address", accepted.address_length, 16);
    let mut own = [0; 16];
    t.same("socket_address", "the client's", host.socket_address(client, false, &mut own), Ok(16));
    t.equal("both know the same address", &peer[..16], &own[..]);
    t.same("socket_address", "cut off", host.socket_address(client, true, &mut own[..4]), Ok(16));
    t.equal("the server's port", &own[..4], &address[..4]);

    t.same("send", "bytes", host.send(client, b"stream", &[], &[], so::MSG_NO_SIGNAL), Ok(6));
    let mut buffer = [0; 16];
    let got = host.receive(server, &mut buffer[..3], &mut [], &mut [], so::MSG_PEEK).map(|got| got.length);
    t.same("receive", "a look", got, Ok(3));
    t.same("available", "all of it", host.available(server, false), Ok(6));
    t.same("available", "no mark", host.available(server, true).map(|_| ()), Ok(()));
    t.same("read", "the same bytes", host.read(server, &mut buffer), Ok(6));
    t.equal("the bytes", &buffer[..6], b"stream");
    t.same("write", "back", host.write(server, b"back"), Ok(4));
    t.same("shutdown", "no more", host.shutdown(server, so::SHUT_WRITE), Ok(()));
    t.same("read", "what was sent before", host.read(client, &mut buffer), Ok(4));
    t.same("read", "the end", host.read(client, &mut buffer), Ok(0));
    let refused = host.send(server, b"x", &[], &[], so::MSG_NO_SIGNAL);
    t.error("send", "after the end", refused, Errno::PIPE);
    t.close(server);
    t.close(client);
    t.close(listener);
    let client = t.need("socket", "client", host.socket(so::AF_INET, so::STREAM, 0))?;
    t.error("connect", "nobody listens", host.connect(client, &address), Errno::CONNREFUSED);
    t.close(client);
    Ok(())
}

fn datagrams<P: Platform>(t: &mut Test<'_, P>) -> Case {
    let host = t.host;
    let (one, at_one) = bound(t, so::DATAGRAM)?;
    let (two, at_two) = bound(t, so::DATAGRAM)?;
    let third = t.need("socket", "a third", host.socket(so::AF_INET, so::DATAGRAM, 0))?;
    t.error("bind", "the port is taken", host.bind(third, &at_one), Errno::ADDRINUSE);
    t.close(third);
    t.same("send", "a datagram", host.send(one, b"datagram", &at_two, &[], 0), Ok(8));
    t.same("send", "an empty one", host.send(one, b"", &at_two, &[], 0), Ok(0));
    let (mut buffer, mut from) = ([0; 16], [0; 28]);
    let got = t.need("receive", "cut off", host.receive(two, &mut buffer[..4], &mut from, &mut [], 0))?;
    t.equal("cut off", (got.length, got.address_length, got.flags), (4, 16, so::MSG_TRUNCATED));
    t.equal("from whom", &from[..16], &at_one[..]);
    t.equal("its beginning", &buffer[..4], b"data");
    let got = host.receive(two, &mut buffer, &mut [], &mut [], 0);
    t.same("receive", "an empty one", got, Ok(Received::default()));
    let got = host.receive(two, &mut buffer, &mut [], &mut [], so::MSG_DONT_WAIT);
    t.error("receive", "no more", got, Errno::AGAIN);
    t.close(one);
    t.close(two);
    Ok(())
}

fn pairs<P: Platform>(t: &mut Test<'_, P>) -> Case {
    let host = t.host;
    let made = host.socket_pair(so::AF_UNIX, so::STREAM | so::CLOSE_ON_EXEC, 0);
    let (one, two) = t.need("socket_pair", "streams", made)?;
    t.same("write", "one way", host.write(one, b"there"), Ok(5));
    t.same("write", "the other way", host.write(two, b"back"), Ok(4));
    let mut buffer = [0; 8];
    t.same("read", "the other way", host.read(one, &mut buffer), Ok(4));
    t.same("read", "one way", host.read(two, &mut buffer), Ok(5));
    t.close(one);
    t.same("read", "the other end is closed", host.read(two, &mut buffer), Ok(0));
    t.close(two);
    Ok(())
}

fn interfaces<P: Platform>(t: &mut Test<'_, P>) -> Case {
    let host = t.host;
    let needed = t.need("interfaces", "how long", host.interfaces(&mut []))?;
    let mut buffer = [0; 16384];
    t.fact("a list of this machine fits", needed <= buffer.len());
    let length = t.need("interfaces", "all", host.interfaces(&mut buffer))?;
    let all = platform::interfaces::records(buffer.get(..length).unwrap_or(&[]));
    t.fact("records fill the list", all.clone().filter_map(|record| record.length()).sum::<usize>() == length);
    t.fact("each has a name and a number", all.clone().all(|record| !record.name.is_empty() && record.index != 0));
    let is_loopback = |record: &platform::interfaces::Record<'_>| record.address == [127, 0, 0, 1];
    t.fact("127.0.0.1 is among them", all.clone().any(|record| is_loopback(&record) && record.prefix == 8));
    Ok(())
}
