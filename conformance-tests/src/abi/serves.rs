//! Names that are of use to some functions only: no header has them while none of the functions is exported.

use super::facts::{Absent, Facts, Name};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// A line of `serves.tsv`.
struct Row {
    patterns: Vec<String>,
    functions: Vec<String>,
}

impl Row {
    fn read(fields: &[String]) -> Result<Self, String> {
        let [names, functions] = fields else { return Err(format!("serves.tsv: {fields:?}: not two fields")) };
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        // "struct x" is one name.
        let patterns = words(&names.replace("struct ", "struct\t"));
        let patterns = patterns.into_iter().map(|one| one.replace('\t', " ")).collect();
        Ok(Self { patterns, functions: words(functions) })
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Moves what serves absent functions only from the facts to `facts.absent`.
pub fn withhold(facts: &mut Facts, rows: &[Vec<String>]) -> Result<(), String> {
    let rows = rows.iter().map(|fields| Row::read(fields)).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<String> = facts
        .constants
        .iter()
        .map(|constant| &constant.name.name)
        .chain(facts.macros.iter().map(|(name, _)| &name.name))
        .chain(facts.records.iter().map(|record| &record.name))
        .chain(facts.types.iter().map(|(name, _)| &name.name))
        .cloned()
        .collect();
    let mut patterns = Vec::new();
    for row in &rows {
        for pattern in &row.patterns {
            if !pattern.starts_with('<') && !all.iter().any(|name| fits(pattern, name)) {
                return Err(format!("serves.tsv: {pattern}: no such name in the tables"));
            }
        }
        if !row.functions.iter().any(|function| facts.exports.contains(function)) {
            patterns.extend(row.patterns.iter().cloned());
        }
    }
    let is_absent = |name: &str| patterns.iter().any(|pattern| fits(pattern, name));
    let mut absent: Vec<Absent> = Vec::new();
    facts.constants.retain(|one| keep(is_absent(&one.name.name), || absent.push(Absent::Macro(one.name.name.clone()))));
    facts.macros.retain(|(name, _)| keep(is_absent(&name.name), || absent.push(Absent::Macro(name.name.clone()))));
    facts.types.retain(|(name, _)| keep(is_absent(&name.name), || absent.push(Absent::Type(name.clone()))));
    facts.records.retain(|one| {
        let name = Name { name: one.name.clone(), headers: one.headers.clone(), visible: "all".into() };
        let entry = if one.name.starts_with("struct ") { Absent::Record(name) } else { Absent::Type(name) };
        keep(is_absent(&one.name), || absent.push(entry))
    });
    let headers = patterns.iter().filter_map(|pattern| pattern.strip_prefix('<')?.strip_suffix('>'));
    absent.extend(headers.map(|header| Absent::Header(header.to_owned())));
    facts.absent = absent;
    Ok(())
}

fn keep(absent: bool, note: impl FnOnce()) -> bool {
    if absent {
        note();
    }
    !absent
}

/// Statements that fail to compile where a header has such a name.
pub fn statements(source: &mut String, facts: &Facts, header: &str) {
    let mut seen = BTreeSet::new();
    for one in &facts.absent {
        let (name, statement) = match one {
            Absent::Macro(name) => (name, format!("#ifdef {name}\n#error {name} serves absent functions only\n#endif")),
            Absent::Record(name) if name.is_in(header) => {
                (&name.name, format!("{} {{ int serves_nothing; }};", name.name))
            }
            Absent::Type(name) if name.is_in(header) => {
                (&name.name, format!("typedef struct {0}_serves_nothing {0};", name.name))
            }
            Absent::Record(_) | Absent::Type(_) | Absent::Header(_) => continue,
        };
        if seen.insert(name) {
            writeln!(source, "{statement}").unwrap_or(());
        }
    }
}

/// No header is there for absent functions alone.
pub fn headers_are_absent(facts: &Facts, include: &Path) -> Result<(), String> {
    for one in &facts.absent {
        if let Absent::Header(header) = one
            && include.join(header).exists()
        {
            return Err(format!("<{header}> serves absent functions only"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names_or_beginnings() {
        assert!(fits("P_ALL", "P_ALL") && !fits("P_ALL", "P_ALLX") && fits("MCL_*", "MCL_FUTURE"));
        assert!(!fits("MCL_*", "MC") && fits("struct rlimit", "struct rlimit"));
        let row = Row::read(&["A_* struct b <c.h>".into(), "one two".into()]).unwrap();
        assert_eq!(
            (row.patterns, row.functions),
            (vec!["A_*".to_owned(), "struct b".into(), "<c.h>".into()], vec!["one".to_owned(), "two".into()])
        );
    }
}
