use super::*;
use crate::stdio::sink::StringSink;

impl Sink<u8> for Vec<u8> {
    fn write(&mut self, text: &[u8]) -> Result<()> {
        self.extend_from_slice(text);
        Ok(())
    }
}

impl Sink<u32> for Vec<u32> {
    fn write(&mut self, text: &[u32]) -> Result<()> {
        self.extend_from_slice(text);
        Ok(())
    }
}

pub fn narrow(text: &str, slots: &[u64]) -> Result<String> {
    let mut slots = slots.to_vec();
    let mut out = Vec::new();
    // SAFETY: tests pass what their formats name.
    let count = unsafe { format(&mut out, &mut [0; 16], text.as_bytes(), &mut VaList::on_stack(&mut slots), 2) }?;
    assert_eq!(count, out.len());
    Ok(String::from_utf8(out).unwrap())
}

pub fn wide(text: &str, slots: &[u64]) -> Result<String> {
    let mut slots = slots.to_vec();
    let text: Vec<u32> = text.chars().map(u32::from).collect();
    let mut out: Vec<u32> = Vec::new();
    // SAFETY: tests pass what their formats name.
    let count = unsafe { format(&mut out, &mut [0; 16], &text, &mut VaList::on_stack(&mut slots), 2) }?;
    assert_eq!(count, out.len());
    Ok(out.into_iter().filter_map(char::from_u32).collect())
}

#[test]
fn integers_follow_flags_width_and_precision() {
    let minus = -42_i64 as u64;
    for (text, argument, expected) in [
        ("%d", minus, "-42"),
        ("[%6d]", minus, "[   -42]"),
        ("[%-6d]", minus, "[-42   ]"),
        ("[%06d]", minus, "[-00042]"),
        ("[%+d]", 42, "[+42]"),
        ("[% d]", 42, "[ 42]"),
        ("[%+ d]", 42, "[+42]"),
        ("[%.5d]", minus, "[-00042]"),
        ("[%8.5d]", minus, "[  -00042]"),
        ("[%08.5d]", minus, "[  -00042]"),
        ("[%-08d]", 42, "[42      ]"),
        ("[%.0d]", 0, "[]"),
        ("[%5.0d]", 0, "[     ]"),
        ("%x", 255, "ff"),
        ("%#X", 255, "0XFF"),
        ("%#x", 0, "0"),
        ("[%#08x]", 255, "[0x0000ff]"),
        ("%#o", 8, "010"),
        ("%#o", 0, "0"),
        ("[%#.0o]", 0, "[0]"),
        ("%#.3o", 8, "010"),
        ("%b", 5, "101"),
        ("%#B", 5, "0B101"),
        ("%hhd", 0x1ff, "-1"),
        ("%hhu", 0x1ff, "255"),
        ("%hd", 0x1_8000, "-32768"),
        ("%u", u64::MAX, "4294967295"),
        ("%lu", u64::MAX, "18446744073709551615"),
        ("%ld", 1 << 63, "-9223372036854775808"),
        ("%jd%%", 7, "7%"),
        ("%zx", u64::MAX, "ffffffffffffffff"),
        ("%w8d", 0x180, "-128"),
        ("%wf16u", 0x1_0000_ffff_0000, "4294901760"),
        ("%p", 0xbeef, "0xbeef"),
        ("%p", 0, "0x0"),
        ("%i", 1, "1"),
        ("%c", 65, "A"),
        ("[%3c]", 65, "[  A]"),
        ("[%-3c]", 65, "[A  ]"),
        ("%m", 0, "No such file or directory"),
    ] {
        assert_eq!(narrow(text, &[argument]).unwrap(), expected, "{text}");
        assert_eq!(wide(text, &[argument]).unwrap(), expected, "{text}");
    }
}

#[test]
fn strings_end_at_zero_or_precision() {
    let text = c"hello".as_ptr() as u64;
    let unended = b"abc".as_ptr() as u64;
    for (format, argument, expected) in [
        ("%s", text, "hello"),
        ("[%8s]", text, "[   hello]"),
        ("[%-8s]", text, "[hello   ]"),
        ("[%.2s]", text, "[he]"),
        ("%.3s", unended, "abc"),
        ("[%.0s]", unended, "[]"),
        ("%s", 0, "(null)"),
        ("[%8.3s]", 0, "[     (nu]"),
    ] {
        assert_eq!(narrow(format, &[argument]).unwrap(), expected, "{format}");
        assert_eq!(wide(format, &[argument]).unwrap(), expected, "{format}");
    }
    let characters = [0x68_u32, 0x69, 0];
    let argument = characters.as_ptr() as u64;
    for format in ["[%4ls]", "[%4S]"] {
        assert_eq!(narrow(format, &[argument]).unwrap(), "[  hi]");
        assert_eq!(wide(format, &[argument]).unwrap(), "[  hi]");
    }
    // The locale is "C": nothing above the bytes has a place.
    assert_eq!(narrow("%ls", &[[0x4e2d_u32, 0].as_ptr() as u64]), Err(Errno::ILSEQ));
    assert_eq!(narrow("%lc", &[0x4e2d]), Err(Errno::ILSEQ));
}

#[test]
fn sizes_come_from_arguments_and_positions() {
    assert_eq!(narrow("[%*d]", &[5, 1]).unwrap(), "[    1]");
    assert_eq!(narrow("[%*d]", &[-5_i64 as u64, 1]).unwrap(), "[1    ]");
    assert_eq!(narrow("[%.*d]", &[-1_i64 as u64, 1]).unwrap(), "[1]");
    assert_eq!(narrow("[%*.*f]", &[7, 2, 1.5_f64.to_bits()]).unwrap(), "[   1.50]");
    assert_eq!(narrow("%2$d %1$d %2$x", &[1, 10]).unwrap(), "10 1 a");
    assert_eq!(narrow("%2$*1$d", &[4, 7]).unwrap(), "   7");
    assert_eq!(narrow("%1$s %2$.1f", &[c"x".as_ptr() as u64, 2.5_f64.to_bits()]).unwrap(), "x 2.5");
    assert_eq!(narrow("costs 5$: %d", &[3]).unwrap(), "costs 5$: 3");
    assert_eq!(narrow("%1$d %d", &[1, 2]), Err(Errno::INVAL));
    assert_eq!(narrow("%65$d", &[1]), Err(Errno::INVAL));
}

#[test]
fn long_doubles_are_read_in_their_slots() {
    #[repr(align(16))]
    struct Slots([u64; 4]);
    // One, and the alignment gap before it.
    #[cfg(target_arch = "x86_64")]
    let mut slots = Slots([7, 0, 1 << 63, 0x3fff]);
    #[cfg(target_arch = "aarch64")]
    let mut slots = Slots([7, 0, 0, 0x3fff << 48]);
    let mut out: Vec<u8> = Vec::new();
    // SAFETY: an int and a long double.
    unsafe { format(&mut out, &mut [0; 16], b"%d %Lg", &mut VaList::on_stack(&mut slots.0), 0) }.unwrap();
    assert_eq!(out, b"7 1");
}

#[test]
fn counts_are_stored() {
    let (mut byte, mut word, mut long) = (0_i8, 0_i32, 0_i64);
    let slots = [&raw mut word as u64, &raw mut byte as u64, &raw mut long as u64];
    assert_eq!(narrow("abc%nd%hhn%ln", &slots).unwrap(), "abcd");
    assert_eq!((word, byte, long), (3, 4, 4));
}

#[test]
fn what_is_wrong_is_an_error() {
    assert_eq!(narrow("%y", &[1]), Err(Errno::INVAL));
    assert_eq!(narrow("%", &[1]), Err(Errno::INVAL));
    assert_eq!(narrow("%99999999999d", &[1]), Err(Errno::OVERFLOW));
    let mut out = [0_u8; 1];
    // SAFETY: no room for anything but the zero.
    let mut sink = unsafe { StringSink::new(out.as_mut_ptr(), 1) };
    let list = &mut VaList::on_stack(&mut [1, 2]);
    // SAFETY: two integers.
    let count = unsafe { format(&mut sink, &mut [0; 16], b"%2147483647d%d", list, 0) };
    assert_eq!(count, Err(Errno::OVERFLOW));
}

#[test]
fn a_short_string_is_cut_and_counted() {
    let mut out = *b"xxxxxx";
    // SAFETY: four bytes may be written.
    let mut sink = unsafe { StringSink::new(out.as_mut_ptr(), 4) };
    let list = &mut VaList::on_stack(&mut [12345]);
    // SAFETY: an integer.
    assert_eq!(unsafe { format(&mut sink, &mut [0; 16], b"n%d", list, 0) }, Ok(6));
    sink.finish();
    assert_eq!(&out, b"n12\0xx");
}
