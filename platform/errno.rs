//! Error numbers of the C ABI: the Linux values, equal on both CPUs and on every host.

/// Why a request failed. Never zero; the C library stores it in `errno` unchanged.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Errno(i32);

impl Errno {
    /// The error with this number, clamped into the range the ABI allows (1 to 4095).
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        if number < 1 || number > 4095 { Self::IO } else { Self(number) }
    }

    /// The number that C sees in `errno`.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }
}

/// Result of a request to the host.
pub type Result<T> = core::result::Result<T, Errno>;

/// `(number, name)` of every error, in order of number.
pub const NAMES: &[(i32, &str)] = &[
    (1, "EPERM"),
    (2, "ENOENT"),
    (3, "ESRCH"),
    (4, "EINTR"),
    (5, "EIO"),
    (6, "ENXIO"),
    (7, "E2BIG"),
    (8, "ENOEXEC"),
    (9, "EBADF"),
    (10, "ECHILD"),
    (11, "EAGAIN"),
    (12, "ENOMEM"),
    (13, "EACCES"),
    (14, "EFAULT"),
    (15, "ENOTBLK"),
    (16, "EBUSY"),
    (17, "EEXIST"),
    (18, "EXDEV"),
    (19, "ENODEV"),
    (20, "ENOTDIR"),
    (21, "EISDIR"),
    (22, "EINVAL"),
    (23, "ENFILE"),
    (24, "EMFILE"),
    (25, "ENOTTY"),
    (26, "ETXTBSY"),
    (27, "EFBIG"),
    (28, "ENOSPC"),
    (29, "ESPIPE"),
    (30, "EROFS"),
    (31, "EMLINK"),
    (32, "EPIPE"),
    (33, "EDOM"),
    (34, "ERANGE"),
    (35, "EDEADLK"),
    (36, "ENAMETOOLONG"),
    (37, "ENOLCK"),
    (38, "ENOSYS"),
    (39, "ENOTEMPTY"),
    (40, "ELOOP"),
    (42, "ENOMSG"),
    (43, "EIDRM"),
    (44, "ECHRNG"),
    (45, "EL2NSYNC"),
    (46, "EL3HLT"),
    (47, "EL3RST"),
    (48, "ELNRNG"),
    (49, "EUNATCH"),
    (50, "ENOCSI"),
    (51, "EL2HLT"),
    (52, "EBADE"),
    (53, "EBADR"),
    (54, "EXFULL"),
    (55, "ENOANO"),
    (56, "EBADRQC"),
    (57, "EBADSLT"),
    (59, "EBFONT"),
    (60, "ENOSTR"),
    (61, "ENODATA"),
    (62, "ETIME"),
    (63, "ENOSR"),
    (64, "ENONET"),
    (65, "ENOPKG"),
    (66, "EREMOTE"),
    (67, "ENOLINK"),
    (68, "EADV"),
    (69, "ESRMNT"),
    (70, "ECOMM"),
    (71, "EPROTO"),
    (72, "EMULTIHOP"),
    (73, "EDOTDOT"),
    (74, "EBADMSG"),
    (75, "EOVERFLOW"),
    (76, "ENOTUNIQ"),
    (77, "EBADFD"),
    (78, "EREMCHG"),
    (79, "ELIBACC"),
    (80, "ELIBBAD"),
    (81, "ELIBSCN"),
    (82, "ELIBMAX"),
    (83, "ELIBEXEC"),
    (84, "EILSEQ"),
    (85, "ERESTART"),
    (86, "ESTRPIPE"),
    (87, "EUSERS"),
    (88, "ENOTSOCK"),
    (89, "EDESTADDRREQ"),
    (90, "EMSGSIZE"),
    (91, "EPROTOTYPE"),
    (92, "ENOPROTOOPT"),
    (93, "EPROTONOSUPPORT"),
    (94, "ESOCKTNOSUPPORT"),
    (95, "EOPNOTSUPP"),
    (96, "EPFNOSUPPORT"),
    (97, "EAFNOSUPPORT"),
    (98, "EADDRINUSE"),
    (99, "EADDRNOTAVAIL"),
    (100, "ENETDOWN"),
    (101, "ENETUNREACH"),
    (102, "ENETRESET"),
    (103, "ECONNABORTED"),
    (104, "ECONNRESET"),
    (105, "ENOBUFS"),
    (106, "EISCONN"),
    (107, "ENOTCONN"),
    (108, "ESHUTDOWN"),
    (109, "ETOOMANYREFS"),
    (110, "ETIMEDOUT"),
    (111, "ECONNREFUSED"),
    (112, "EHOSTDOWN"),
    (113, "EHOSTUNREACH"),
    (114, "EALREADY"),
    (115, "EINPROGRESS"),
    (116, "ESTALE"),
    (117, "EUCLEAN"),
    (118, "ENOTNAM"),
    (119, "ENAVAIL"),
    (120, "EISNAM"),
    (121, "EREMOTEIO"),
    (122, "EDQUOT"),
    (123, "ENOMEDIUM"),
    (124, "EMEDIUMTYPE"),
    (125, "ECANCELED"),
    (126, "ENOKEY"),
    (127, "EKEYEXPIRED"),
    (128, "EKEYREVOKED"),
    (129, "EKEYREJECTED"),
    (130, "EOWNERDEAD"),
    (131, "ENOTRECOVERABLE"),
    (132, "ERFKILL"),
    (133, "EHWPOISON"),
];

impl core::fmt::Debug for Errno {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match NAMES.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "errno {}", self.0),
        }
    }
}

#[expect(missing_docs, reason = "POSIX names; the C library's strerror has the texts")]
impl Errno {
    pub const PERM: Self = Self(1);
    pub const NOENT: Self = Self(2);
    pub const SRCH: Self = Self(3);
    pub const INTR: Self = Self(4);
    pub const IO: Self = Self(5);
    pub const NXIO: Self = Self(6);
    pub const TOO_BIG: Self = Self(7);
    pub const NOEXEC: Self = Self(8);
    pub const BADF: Self = Self(9);
    pub const CHILD: Self = Self(10);
    pub const AGAIN: Self = Self(11);
    pub const NOMEM: Self = Self(12);
    pub const ACCES: Self = Self(13);
    pub const FAULT: Self = Self(14);
    pub const NOTBLK: Self = Self(15);
    pub const BUSY: Self = Self(16);
    pub const EXIST: Self = Self(17);
    pub const XDEV: Self = Self(18);
    pub const NODEV: Self = Self(19);
    pub const NOTDIR: Self = Self(20);
    pub const ISDIR: Self = Self(21);
    pub const INVAL: Self = Self(22);
    pub const NFILE: Self = Self(23);
    pub const MFILE: Self = Self(24);
    pub const NOTTY: Self = Self(25);
    pub const TXTBSY: Self = Self(26);
    pub const FBIG: Self = Self(27);
    pub const NOSPC: Self = Self(28);
    pub const SPIPE: Self = Self(29);
    pub const ROFS: Self = Self(30);
    pub const MLINK: Self = Self(31);
    pub const PIPE: Self = Self(32);
    pub const DOM: Self = Self(33);
    pub const RANGE: Self = Self(34);
    pub const DEADLK: Self = Self(35);
    pub const NAMETOOLONG: Self = Self(36);
    pub const NOLCK: Self = Self(37);
    pub const NOSYS: Self = Self(38);
    pub const NOTEMPTY: Self = Self(39);
    pub const LOOP: Self = Self(40);
    pub const NOMSG: Self = Self(42);
    pub const IDRM: Self = Self(43);
    pub const CHRNG: Self = Self(44);
    pub const L2NSYNC: Self = Self(45);
    pub const L3HLT: Self = Self(46);
    pub const L3RST: Self = Self(47);
    pub const LNRNG: Self = Self(48);
    pub const UNATCH: Self = Self(49);
    pub const NOCSI: Self = Self(50);
    pub const L2HLT: Self = Self(51);
    pub const BADE: Self = Self(52);
    pub const BADR: Self = Self(53);
    pub const XFULL: Self = Self(54);
    pub const NOANO: Self = Self(55);
    pub const BADRQC: Self = Self(56);
    pub const BADSLT: Self = Self(57);
    pub const BFONT: Self = Self(59);
    pub const NOSTR: Self = Self(60);
    pub const NODATA: Self = Self(61);
    pub const TIME: Self = Self(62);
    pub const NOSR: Self = Self(63);
    pub const NONET: Self = Self(64);
    pub const NOPKG: Self = Self(65);
    pub const REMOTE: Self = Self(66);
    pub const NOLINK: Self = Self(67);
    pub const ADV: Self = Self(68);
    pub const SRMNT: Self = Self(69);
    pub const COMM: Self = Self(70);
    pub const PROTO: Self = Self(71);
    pub const MULTIHOP: Self = Self(72);
    pub const DOTDOT: Self = Self(73);
    pub const BADMSG: Self = Self(74);
    pub const OVERFLOW: Self = Self(75);
    pub const NOTUNIQ: Self = Self(76);
    pub const BADFD: Self = Self(77);
    pub const REMCHG: Self = Self(78);
    pub const LIBACC: Self = Self(79);
    pub const LIBBAD: Self = Self(80);
    pub const LIBSCN: Self = Self(81);
    pub const LIBMAX: Self = Self(82);
    pub const LIBEXEC: Self = Self(83);
    pub const ILSEQ: Self = Self(84);
    pub const RESTART: Self = Self(85);
    pub const STRPIPE: Self = Self(86);
    pub const USERS: Self = Self(87);
    pub const NOTSOCK: Self = Self(88);
    pub const DESTADDRREQ: Self = Self(89);
    pub const MSGSIZE: Self = Self(90);
    pub const PROTOTYPE: Self = Self(91);
    pub const NOPROTOOPT: Self = Self(92);
    pub const PROTONOSUPPORT: Self = Self(93);
    pub const SOCKTNOSUPPORT: Self = Self(94);
    pub const OPNOTSUPP: Self = Self(95);
    pub const PFNOSUPPORT: Self = Self(96);
    pub const AFNOSUPPORT: Self = Self(97);
    pub const ADDRINUSE: Self = Self(98);
    pub const ADDRNOTAVAIL: Self = Self(99);
    pub const NETDOWN: Self = Self(100);
    pub const NETUNREACH: Self = Self(101);
    pub const NETRESET: Self = Self(102);
    pub const CONNABORTED: Self = Self(103);
    pub const CONNRESET: Self = Self(104);
    pub const NOBUFS: Self = Self(105);
    pub const ISCONN: Self = Self(106);
    pub const NOTCONN: Self = Self(107);
    pub const SHUTDOWN: Self = Self(108);
    pub const TOOMANYREFS: Self = Self(109);
    pub const TIMEDOUT: Self = Self(110);
    pub const CONNREFUSED: Self = Self(111);
    pub const HOSTDOWN: Self = Self(112);
    pub const HOSTUNREACH: Self = Self(113);
    pub const ALREADY: Self = Self(114);
    pub const INPROGRESS: Self = Self(115);
    pub const STALE: Self = Self(116);
    pub const UCLEAN: Self = Self(117);
    pub const NOTNAM: Self = Self(118);
    pub const NAVAIL: Self = Self(119);
    pub const ISNAM: Self = Self(120);
    pub const REMOTEIO: Self = Self(121);
    pub const DQUOT: Self = Self(122);
    pub const NOMEDIUM: Self = Self(123);
    pub const MEDIUMTYPE: Self = Self(124);
    pub const CANCELED: Self = Self(125);
    pub const NOKEY: Self = Self(126);
    pub const KEYEXPIRED: Self = Self(127);
    pub const KEYREVOKED: Self = Self(128);
    pub const KEYREJECTED: Self = Self(129);
    pub const OWNERDEAD: Self = Self(130);
    pub const NOTRECOVERABLE: Self = Self(131);
    pub const RFKILL: Self = Self(132);
    pub const HWPOISON: Self = Self(133);
}
