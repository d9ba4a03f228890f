//! The loader's part of the host table: libraries, symbols, addresses.

use crate::report::Test;
use core::ffi::CStr;
use loader_abi::{Host, Modules, VERSION};
use platform::{Errno, SlotBase};

fn text(message: &[u8]) -> &[u8] {
    CStr::from_bytes_until_nul(message).map_or(b"", CStr::to_bytes)
}

pub(crate) fn run(t: &mut Test<'_, Host>) {
    let host = t.host;
    // An address in this file: the suite is linked into the program.
    let here = run as *const () as usize;

    t.case("table", "its head", |t| {
        t.fact("every host's operations are there", host.is_usable());
        t.same("version", "this one", Ok(host.version), Ok(VERSION));
        t.fact("the slot's register is known", host.slot_base <= SlotBase::Gs as u32);
        t.fact("there is a program name", host.argument_count >= 1);
        // SAFETY: the table's contract: both lists end with a null pointer.
        let (after, environment) = unsafe { (*host.arguments.add(host.argument_count), host.environment) };
        t.fact("arguments end with null", after.is_null());
        t.fact("an environment is there", !environment.is_null());
        Ok(())
    });
    t.case("dl", "loaded files", |t| {
        let mut found = false;
        let mut count = 0;
        while let Some(object) = host.dl_object(count) {
            found |= object.base <= here && !object.program_headers.is_null() && object.program_header_count > 0;
            count += 1;
        }
        t.fact("there is one that could hold this function", count >= 1 && found);
        let list = t.need("dl_objects", "all at once", host.dl_objects())?;
        t.equal("they are as many", list.count, count);
        // SAFETY: the list is given back below only.
        let bases = |index| unsafe { (*list.objects.add(index)).base };
        t.fact("they are the same", (0..count).all(|at| host.dl_object(at).is_some_and(|one| one.base == bases(at))));
        t.same("dl_release", "the list", host.dl_release(list.objects.addr()), Ok(()));
        t.errors("dl_release", "no list", host.dl_release(8), &[Errno::INVAL]);
        Ok(())
    });
    t.case("dl", "what lies at an address", |t| {
        let info = host.dl_address(here);
        t.fact("this file is known", info.is_some_and(|info| !info.file_name.is_null() && info.base <= here));
        let local = 0_u8;
        t.fact("the stack is no file", host.dl_address((&raw const local).addr()).is_none());
        Ok(())
    });
    t.case("dl", "symbols", |t| {
        let mut message = [0; 256];
        let main = t.need("dl_symbol", "main, by default", host.dl_symbol(0, b"main", here, &mut message))?;
        let named = host.dl_address(main.address).filter(|info| !info.symbol_name.is_null());
        // SAFETY: the loader's names are strings that live as long as their file.
        let name = named.map(|info| unsafe { CStr::from_ptr(info.symbol_name) }.to_bytes());
        t.equal("its address leads back to its name", name, Some(&b"main"[..]));
        let none = host.dl_symbol(0, b"no_such_symbol", here, &mut message);
        t.errors("dl_symbol", "not there", none, &[Errno::NOENT, Errno::INVAL]);
        t.fact("the message names it", text(&message).windows(14).any(|part| part == b"no_such_symbol"));
        let program = t.need("dl_open", "the program itself", host.dl_open(None, 1, here, &mut message))?;
        t.same("dl_symbol", "through a handle", host.dl_symbol(program, b"main", here, &mut message), Ok(main));
        t.same("dl_close", "the program", host.dl_close(program, &mut message), Ok(()));
        Ok(())
    });
    t.case("dl", "a library that is not there", |t| {
        let mut message = [0; 256];
        let opened = host.dl_open(Some(b"/no/such/library.so"), 1, here, &mut message);
        t.errors("dl_open", "not there", opened, &[Errno::NOENT]);
        t.fact("the message names it", text(&message).windows(10).any(|part| part == b"library.so"));
        Ok(())
    });
}
