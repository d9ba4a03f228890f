//! Changes of LLVM's sources, and the one that its runtime libraries get: which types are equal.
//!
//! libc++ offers comparison by address, with which a plugin's exception passes the program's handler by (neither exports its type
//! information), and by name, with which two files' types of an unnamed namespace are one. Ours is by name, but for types that
//! belong to one translation unit.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A text that occurs once in a file, and its replacement.
pub struct Edit {
    /// From the top of the sources.
    pub file: &'static str,
    /// What stands there.
    pub before: &'static str,
    /// What takes its place.
    pub after: &'static str,
    /// Why, for readers.
    pub reason: &'static str,
}

/// The edits of the runtime libraries.
pub const RUNTIMES: [Edit; 3] = [
    Edit {
        file: "libcxx/include/typeinfo",
        before: "  struct __non_unique_impl : __string_impl_base {\n",
        after: r#"  struct __non_unique_impl : __string_impl_base {
    // Whether the type belongs to one translation unit (Itanium C++ ABI 5.1.2: an unnamed namespace; an unnamed type without
    // a number of its own; a type inside a function whose name has the L of internal linkage).
    _LIBCPP_HIDE_FROM_ABI static bool __is_of_one_file(__type_name_t __name) _NOEXCEPT {
      if (__builtin_strstr(__name, "_GLOBAL__N_") || __builtin_strstr(__name, "$_"))
        return true;
      if (*__name++ != 'Z')
        return false;
      if (*__name == 'N')
        ++__name;
      while (*__name >= '1' && *__name <= '9') {
        size_t __length = 0;
        while (*__name >= '0' && *__name <= '9')
          __length = __length * 10 + static_cast<size_t>(*__name++ - '0');
        __name += __length;
      }
      return *__name == 'L';
    }
"#,
        reason: "tells types of one translation unit from others",
    },
    Edit {
        file: "libcxx/include/typeinfo",
        before: "return __lhs == __rhs || __builtin_strcmp(__lhs, __rhs) == 0;",
        after: "return __lhs == __rhs || (__builtin_strcmp(__lhs, __rhs) == 0 && !__is_of_one_file(__lhs));",
        reason: "types of one translation unit are not equal by name",
    },
    Edit {
        file: "libcxx/include/typeinfo",
        before: "      return __builtin_strcmp(__lhs, __rhs) < 0;\n",
        after: r#"      const int __order = __builtin_strcmp(__lhs, __rhs);
      return __order != 0 ? __order < 0 : __lhs < __rhs && __is_of_one_file(__lhs);
"#,
        reason: "the order fits",
    },
];

/// Edits as one text, for the cache key of what is built with them.
pub fn text(edits: &[Edit]) -> String {
    edits.iter().flat_map(|edit| [edit.file, edit.before, edit.after]).collect()
}

/// Changes the unpacked sources.
///
/// # Errors
/// A text does not stand there exactly once: another version of LLVM.
pub fn apply(sources: &Path, edits: &[Edit]) -> Result<()> {
    for Edit { file, before, after, reason } in edits {
        let path = sources.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(text.matches(before).count() == 1, "{file} does not have this text once ({reason}): {before}");
        fs::write(&path, text.replacen(before, after, 1))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIT: Edit = Edit { file: "a/b.c", before: "fork()", after: "-1", reason: "no fork" };

    #[test]
    fn an_edit_that_does_not_apply_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a")).expect("made");
        let write = |text: &str| fs::write(folder.path().join("a/b.c"), text).expect("written");
        write("x = fork();");
        apply(folder.path(), &[EDIT]).expect("applies");
        assert_eq!(fs::read_to_string(folder.path().join("a/b.c")).expect("read"), "x = -1;");
        for text in ["x = -1;", "fork(); fork();"] {
            write(text);
            let error = apply(folder.path(), &[EDIT]).expect_err(text).to_string();
            assert!(error.contains("a/b.c") && error.contains("no fork"), "{error}");
        }
    }
}
