//! Error numbers of the kernel (`NTSTATUS`) and of Win32, and what POSIX calls them.

use platform::Errno;

/// The kernel's answers that code decides on.
#[allow(missing_docs)]
pub mod nt {
    pub const PENDING: i32 = 0x103;
    pub const BUFFER_OVERFLOW: i32 = 0x8000_0005_u32 as i32;
    pub const NO_MORE_FILES: i32 = 0x8000_0006_u32 as i32;
    pub const NO_SUCH_FILE: i32 = 0xC000_000F_u32 as i32;
    pub const END_OF_FILE: i32 = 0xC000_0011_u32 as i32;
    pub const ACCESS_DENIED: i32 = 0xC000_0022_u32 as i32;
    pub const OBJECT_PATH_NOT_FOUND: i32 = 0xC000_003A_u32 as i32;
    pub const SHARING_VIOLATION: i32 = 0xC000_0043_u32 as i32;
    pub const DELETE_PENDING: i32 = 0xC000_0056_u32 as i32;
    pub const INSUFFICIENT_RESOURCES: i32 = 0xC000_009A_u32 as i32;
    pub const PIPE_DISCONNECTED: i32 = 0xC000_00B0_u32 as i32;
    pub const PIPE_CLOSING: i32 = 0xC000_00B1_u32 as i32;
    pub const PIPE_EMPTY: i32 = 0xC000_00D9_u32 as i32;
    pub const FILE_IS_A_DIRECTORY: i32 = 0xC000_00BA_u32 as i32;
    pub const NOT_SAME_DEVICE: i32 = 0xC000_00D4_u32 as i32;
    pub const DIRECTORY_NOT_EMPTY: i32 = 0xC000_0101_u32 as i32;
    pub const NAME_TOO_LONG: i32 = 0xC000_0106_u32 as i32;
    pub const CANCELLED: i32 = 0xC000_0120_u32 as i32;
    pub const CANNOT_DELETE: i32 = 0xC000_0121_u32 as i32;
    pub const PIPE_BROKEN: i32 = 0xC000_014B_u32 as i32;
}

const STATUSES: &[(u32, Errno)] = &[
    (0x8000_0006, Errno::NOENT),       // NO_MORE_FILES
    (0x8000_000D, Errno::IO),          // PARTIAL_COPY
    (0x8000_0011, Errno::BUSY),        // DEVICE_BUSY
    (0x8000_002D, Errno::LOOP),        // STOPPED_ON_SYMLINK
    (0xC000_0002, Errno::NOSYS),       // NOT_IMPLEMENTED
    (0xC000_0003, Errno::INVAL),       // INVALID_INFO_CLASS
    (0xC000_0005, Errno::FAULT),       // ACCESS_VIOLATION
    (0xC000_0008, Errno::BADF),        // INVALID_HANDLE
    (0xC000_000D, Errno::INVAL),       // INVALID_PARAMETER
    (0xC000_000E, Errno::NODEV),       // NO_SUCH_DEVICE
    (0xC000_000F, Errno::NOENT),       // NO_SUCH_FILE
    (0xC000_0010, Errno::INVAL),       // INVALID_DEVICE_REQUEST
    (0xC000_0013, Errno::NOMEDIUM),    // NO_MEDIA_IN_DEVICE
    (0xC000_0017, Errno::NOMEM),       // NO_MEMORY
    (0xC000_0018, Errno::EXIST),       // CONFLICTING_ADDRESSES
    (0xC000_0020, Errno::NODEV),       // INVALID_FILE_FOR_SECTION
    (0xC000_0022, Errno::ACCES),       // ACCESS_DENIED
    (0xC000_0024, Errno::BADF),        // OBJECT_TYPE_MISMATCH
    (0xC000_0033, Errno::NOENT),       // OBJECT_NAME_INVALID: no such name can exist
    (0xC000_0034, Errno::NOENT),       // OBJECT_NAME_NOT_FOUND
    (0xC000_0035, Errno::EXIST),       // OBJECT_NAME_COLLISION
    (0xC000_0039, Errno::NOENT),       // OBJECT_PATH_INVALID
    (0xC000_003A, Errno::NOENT),       // OBJECT_PATH_NOT_FOUND
    (0xC000_003B, Errno::NOENT),       // OBJECT_PATH_SYNTAX_BAD
    (0xC000_0040, Errno::NXIO),        // SECTION_TOO_BIG
    (0xC000_0043, Errno::BUSY),        // SHARING_VIOLATION
    (0xC000_0044, Errno::DQUOT),       // QUOTA_EXCEEDED
    (0xC000_0045, Errno::ACCES),       // INVALID_PAGE_PROTECTION
    (0xC000_004E, Errno::ACCES),       // SECTION_PROTECTION
    (0xC000_0054, Errno::AGAIN),       // FILE_LOCK_CONFLICT
    (0xC000_0055, Errno::AGAIN),       // LOCK_NOT_GRANTED
    (0xC000_0056, Errno::NOENT),       // DELETE_PENDING: the name is as good as gone
    (0xC000_0061, Errno::PERM),        // PRIVILEGE_NOT_HELD
    (0xC000_007B, Errno::NOEXEC),      // INVALID_IMAGE_FORMAT
    (0xC000_007E, Errno::NOLCK),       // RANGE_NOT_LOCKED
    (0xC000_007F, Errno::NOSPC),       // DISK_FULL
    (0xC000_009A, Errno::NOMEM),       // INSUFFICIENT_RESOURCES
    (0xC000_00A1, Errno::NOMEM),       // WORKING_SET_QUOTA
    (0xC000_00A2, Errno::ROFS),        // MEDIA_WRITE_PROTECTED
    (0xC000_00A3, Errno::NOMEDIUM),    // DEVICE_NOT_READY
    (0xC000_00AC, Errno::BUSY),        // PIPE_NOT_AVAILABLE
    (0xC000_00B0, Errno::PIPE),        // PIPE_DISCONNECTED
    (0xC000_00B1, Errno::PIPE),        // PIPE_CLOSING
    (0xC000_00B5, Errno::TIMEDOUT),    // IO_TIMEOUT
    (0xC000_00BA, Errno::ISDIR),       // FILE_IS_A_DIRECTORY
    (0xC000_00BB, Errno::OPNOTSUPP),   // NOT_SUPPORTED
    (0xC000_00BE, Errno::NOENT),       // BAD_NETWORK_PATH
    (0xC000_00BF, Errno::BUSY),        // NETWORK_BUSY
    (0xC000_00CC, Errno::NOENT),       // BAD_NETWORK_NAME
    (0xC000_00D4, Errno::XDEV),        // NOT_SAME_DEVICE
    (0xC000_00E8, Errno::FAULT),       // INVALID_USER_BUFFER
    (0xC000_0101, Errno::NOTEMPTY),    // DIRECTORY_NOT_EMPTY
    (0xC000_0103, Errno::NOTDIR),      // NOT_A_DIRECTORY
    (0xC000_0106, Errno::NAMETOOLONG), // NAME_TOO_LONG
    (0xC000_0107, Errno::BUSY),        // FILES_OPEN
    (0xC000_010A, Errno::SRCH),        // PROCESS_IS_TERMINATING
    (0xC000_011F, Errno::MFILE),       // TOO_MANY_OPENED_FILES
    (0xC000_0120, Errno::INTR),        // CANCELLED
    (0xC000_0121, Errno::ACCES),       // CANNOT_DELETE
    (0xC000_0123, Errno::NOENT),       // FILE_DELETED
    (0xC000_0128, Errno::BADF),        // FILE_CLOSED
    (0xC000_012D, Errno::NOMEM),       // COMMITMENT_LIMIT
    (0xC000_014B, Errno::PIPE),        // PIPE_BROKEN
    (0xC000_0188, Errno::NOSPC),       // LOG_FILE_FULL
    (0xC000_0205, Errno::NOMEM),       // INSUFF_SERVER_RESOURCES
    (0xC000_0243, Errno::TXTBSY),      // USER_MAPPED_FILE
    (0xC000_0265, Errno::MLINK),       // TOO_MANY_LINKS
    (0xC000_0275, Errno::INVAL),       // NOT_A_REPARSE_POINT
    (0xC000_0280, Errno::LOOP),        // REPARSE_POINT_NOT_RESOLVED
    (0xC000_0904, Errno::FBIG),        // FILE_TOO_LARGE
];

const WIN32: &[(u32, Errno)] = &[
    (1, Errno::NOSYS),         // INVALID_FUNCTION
    (2, Errno::NOENT),         // FILE_NOT_FOUND
    (3, Errno::NOENT),         // PATH_NOT_FOUND
    (4, Errno::MFILE),         // TOO_MANY_OPEN_FILES
    (5, Errno::ACCES),         // ACCESS_DENIED
    (6, Errno::BADF),          // INVALID_HANDLE
    (8, Errno::NOMEM),         // NOT_ENOUGH_MEMORY
    (11, Errno::NOEXEC),       // BAD_FORMAT
    (14, Errno::NOMEM),        // OUTOFMEMORY
    (15, Errno::NOENT),        // INVALID_DRIVE
    (17, Errno::XDEV),         // NOT_SAME_DEVICE
    (18, Errno::NOENT),        // NO_MORE_FILES
    (19, Errno::ROFS),         // WRITE_PROTECT
    (21, Errno::NOMEDIUM),     // NOT_READY
    (32, Errno::BUSY),         // SHARING_VIOLATION
    (33, Errno::AGAIN),        // LOCK_VIOLATION
    (50, Errno::OPNOTSUPP),    // NOT_SUPPORTED
    (53, Errno::NOENT),        // BAD_NETPATH
    (67, Errno::NOENT),        // BAD_NET_NAME
    (80, Errno::EXIST),        // FILE_EXISTS
    (87, Errno::INVAL),        // INVALID_PARAMETER
    (109, Errno::PIPE),        // BROKEN_PIPE
    (112, Errno::NOSPC),       // DISK_FULL
    (120, Errno::NOSYS),       // CALL_NOT_IMPLEMENTED
    (121, Errno::TIMEDOUT),    // SEM_TIMEOUT
    (122, Errno::RANGE),       // INSUFFICIENT_BUFFER
    (123, Errno::NOENT),       // INVALID_NAME
    (145, Errno::NOTEMPTY),    // DIR_NOT_EMPTY
    (158, Errno::NOLCK),       // NOT_LOCKED
    (161, Errno::NOENT),       // BAD_PATHNAME
    (164, Errno::AGAIN),       // MAX_THRDS_REACHED
    (170, Errno::BUSY),        // BUSY
    (183, Errno::EXIST),       // ALREADY_EXISTS
    (193, Errno::NOEXEC),      // BAD_EXE_FORMAT
    (206, Errno::NAMETOOLONG), // FILENAME_EXCED_RANGE
    (216, Errno::NOEXEC),      // EXE_MACHINE_TYPE_MISMATCH
    (231, Errno::BUSY),        // PIPE_BUSY
    (232, Errno::PIPE),        // NO_DATA
    (233, Errno::PIPE),        // PIPE_NOT_CONNECTED
    (267, Errno::NOTDIR),      // DIRECTORY
    (487, Errno::NOMEM),       // INVALID_ADDRESS
    (740, Errno::ACCES),       // ELEVATION_REQUIRED
    (995, Errno::INTR),        // OPERATION_ABORTED
    (998, Errno::FAULT),       // NOACCESS
    (1142, Errno::MLINK),      // TOO_MANY_LINKS
    (1167, Errno::NODEV),      // DEVICE_NOT_CONNECTED
    (1224, Errno::TXTBSY),     // USER_MAPPED_FILE
    (1314, Errno::PERM),       // PRIVILEGE_NOT_HELD
    (1450, Errno::NOMEM),      // NO_SYSTEM_RESOURCES
    (1455, Errno::NOMEM),      // COMMITMENT_LIMIT
    (1784, Errno::FAULT),      // INVALID_USER_BUFFER
    (1816, Errno::NOMEM),      // NOT_ENOUGH_QUOTA
    (1920, Errno::ACCES),      // CANT_ACCESS_FILE
    (1921, Errno::LOOP),       // CANT_RESOLVE_FILENAME
];

fn look_up(table: &[(u32, Errno)], code: u32) -> Errno {
    table
        .binary_search_by_key(&code, |(code, _)| *code)
        .ok()
        .and_then(|at| table.get(at))
        .map_or(Errno::IO, |row| row.1)
}

/// The error for a kernel status; `EIO` for one without an own name.
#[must_use]
pub fn from_status(status: i32) -> Errno {
    look_up(STATUSES, status as u32)
}

/// The error for a Win32 code; `EIO` for one without an own name.
#[must_use]
pub fn from_win32(code: u32) -> Errno {
    look_up(WIN32, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_order() {
        assert!(STATUSES.is_sorted_by_key(|row| row.0));
        assert!(WIN32.is_sorted_by_key(|row| row.0));
    }

    #[test]
    fn common_codes_have_their_names() {
        assert_eq!(from_status(0xC000_0034_u32 as i32), Errno::NOENT);
        assert_eq!(from_status(nt::FILE_IS_A_DIRECTORY), Errno::ISDIR);
        assert_eq!(from_status(0xC0FF_FFFF_u32 as i32), Errno::IO);
        assert_eq!(from_win32(5), Errno::ACCES);
        assert_eq!(from_win32(1921), Errno::LOOP);
        assert_eq!(from_win32(0), Errno::IO);
    }
}
