//! What the toolchain writes into files and the loader looks for.

/// `EI_OSABI` of program files, by which binfmt_misc and the loaders tell them from a host's: `\x7FELF\x02\x01\x01\x13`.
pub const OS_ABI: u8 = 0x13;

/// How the folders of packages in a distx root begin: `distx.org_2024-<name>-<variant>`.
pub const PACKAGE_PREFIX: &str = "distx.org_2024-";
