//! The process itself.

use crate::report::Test;
use platform::abi::{at, wait};
use platform::{Errno, Platform};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("process", "who it is", |t| {
        t.fact("its number is positive", host.process_id() > 0);
        t.equal("and stays", host.process_id(), host.process_id());
        t.fact("its parent's is not negative", host.parent_id() >= 0);
        t.equal("ids stay", host.ids(), host.ids());
        t.fact("it has no more rights than its starter", !host.is_secure());
        t.same("name_process", "a name", host.name_process(b"contract"), Ok(()));
        t.same("name_process", "a long name is cut", host.name_process(&[b'n'; 300]), Ok(()));
        Ok(())
    });
    t.case("process", "where it comes from", |t| {
        let mut buffer = [0; 512];
        let length = t.need("executable_path", "a path", host.executable_path(&mut buffer))?;
        t.fact("absolute", buffer[..length].starts_with(b"/"));
        t.error("executable_path", "too long for the buffer", host.executable_path(&mut [0; 1]), Errno::RANGE);
        let size = host.stat(at::CURRENT_DIRECTORY, &buffer[..length], 0).map(|stat| stat.size > 0);
        t.same("stat", "the file is there", size, Ok(true));
        Ok(())
    });
    t.case("process", "the host's name", |t| {
        let mut buffer = [0; 255];
        let length = t.need("host_name", "a name", host.host_name(&mut buffer))?;
        t.fact("not empty, without NUL", length > 0 && !buffer[..length].contains(&0));
        let mut exact = [0; 255];
        t.same("host_name", "just enough room", host.host_name(&mut exact[..length]), Ok(length));
        t.fact("the same name", exact == buffer);
        t.error("host_name", "a byte too little", host.host_name(&mut exact[..length - 1]), Errno::RANGE);
        Ok(())
    });
    t.case("process", "what it used", |t| {
        const OF_SELF: i32 = 0;
        const OF_CHILDREN: i32 = -1;
        let used = t.need("usage", "of itself", host.usage(OF_SELF))?;
        t.fact("microseconds are below a second", used.user.nanoseconds < 1_000_000_000);
        t.fact("some memory", used.maxrss > 0);
        t.need("usage", "of its children", host.usage(OF_CHILDREN))?;
        t.error("usage", "of nobody", host.usage(77), Errno::INVAL);
        Ok(())
    });
    t.case("process", "no children", |t| {
        t.error("wait", "any", host.wait(-1, 0), Errno::CHILD);
        t.error("wait", "any, without waiting", host.wait(-1, wait::NO_HANG), Errno::CHILD);
        let own = host.process_id();
        t.error("wait", "not a child", host.wait(own, 0), Errno::CHILD);
        Ok(())
    });
    t.case("process", "a program that is not there", |t| {
        let path = t.path("none");
        let failed = host.exec(path.bytes(), &[c"none"], &[]);
        t.error("exec", "no such file", failed, Errno::NOENT);
        Ok(())
    });
    t.case("process", "a file that is no program", |t| {
        t.make_with("file", b"just text")?;
        let path = t.path("file");
        let failed = host.exec(path.bytes(), &[c"file"], &[]);
        t.errors("exec", "not a program", failed, &[Errno::ACCES, Errno::NOEXEC]);
        t.remove("file");
        Ok(())
    });
}
