//! Which targets come before which.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use recipe::Error;

use crate::files::Files;
use crate::project::Project;

/// The targets that others need, in an order in which they can be built.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Numbers of targets; what a target needs stands before it.
    pub order: Vec<usize>,
    /// For each target of the project: numbers of those that come before it, each once.
    pub needs: Vec<Vec<usize>>,
}

/// Finds them for the targets of these numbers.
///
/// # Errors
/// An unknown target, two targets that make one file, a circle, which is named.
pub fn graph(project: &Project<'_>, files: &Files<'_>, wanted: &[usize]) -> Result<Graph, Error> {
    let recipe = project.recipe;
    let mut makers: Vec<Option<usize>> = vec![None; files.count()];
    for (at, target) in project.targets.iter().enumerate() {
        for output in &target.outputs {
            if let Some(other) = makers[output.0 as usize].replace(at).filter(|other| *other != at) {
                let (output, other) = (files.path(*output), project.names.name(other));
                return Err(recipe.error(target.at, format!("{output:?} is made by the target {other:?} already")));
            }
        }
    }
    let mut needs = Vec::with_capacity(project.targets.len());
    for (at, target) in project.targets.iter().enumerate() {
        let mut before = Vec::new();
        for (name, place) in &target.targets {
            let found = project.names.number(name).ok_or_else(|| {
                let hint = recipe::suggest::hint(name, project.names.iter());
                recipe.error(*place, format!("no target {name:?}{hint}"))
            })?;
            before.push(found);
        }
        // A target may change a file in place: then it is no circle of its own.
        before.extend(target.inputs.iter().filter_map(|input| makers[input.0 as usize]).filter(|maker| *maker != at));
        before.sort_unstable();
        before.dedup();
        needs.push(before);
    }
    let order = order(&needs, wanted).map_err(|circle| {
        let names: Vec<&str> = circle.iter().map(|at| project.names.name(*at)).collect();
        let first = circle.first().map_or(recipe::Position { line: 1, column: 1 }, |at| project.targets[*at].at);
        recipe.error(first, format!("the targets need each other in a circle: {}", names.join(" -> ")))
    })?;
    Ok(Graph { order, needs })
}

/// Depth first, without recursion: a chain may be long. The error is a circle, its first target at its end again.
fn order(needs: &[Vec<usize>], wanted: &[usize]) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; needs.len()];
    let mut order = Vec::new();
    for first in wanted {
        if states[*first] != State::New {
            continue;
        }
        states[*first] = State::Open;
        let mut path = vec![(*first, 0)];
        while let Some((at, next)) = path.last_mut() {
            let Some(&need) = needs[*at].get(*next) else {
                states[*at] = State::Done;
                order.push(*at);
                path.pop();
                continue;
            };
            *next += 1;
            match states[need] {
                State::Done => {}
                State::New => {
                    states[need] = State::Open;
                    path.push((need, 0));
                }
                State::Open => {
                    let from = path.iter().position(|(other, _)| *other == need).unwrap_or(0);
                    return Err(path[from..].iter().map(|(other, _)| *other).chain([need]).collect());
                }
            }
        }
    }
    Ok(order)
}

/// The numbers of the targets of these names; without names that of `build`.
///
/// # Errors
/// There is none of a name: what is wrong, as a sentence.
pub fn wanted(project: &Project<'_>, names: &[String]) -> Result<Vec<usize>, String> {
    let file = project.recipe.file();
    let find = |name: &str| {
        project.names.number(name).ok_or_else(|| {
            let hint = match recipe::suggest::hint(name, project.names.iter()) {
                hint if hint.is_empty() => "; xbuild --list names them".into(),
                hint => hint,
            };
            format!("{file}: no target {name:?}{hint}")
        })
    };
    match names {
        [] => match project.names.number("build") {
            Some(at) => Ok([at].into()),
            None => Err(format!("{file} has no target \"build\": name one (xbuild --list names them)")),
        },
        names => names.iter().map(|name| find(name)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_before_and_the_rest_not_at_all() {
        let needs = [vec![1, 2], vec![3], vec![3], vec![], vec![0]];
        assert_eq!(order(&needs, &[0]), Ok(vec![3, 1, 2, 0]));
        assert_eq!(order(&needs, &[3, 1, 3]), Ok(vec![3, 1]));
    }

    #[test]
    fn a_circle_is_named_without_what_leads_to_it() {
        assert_eq!(order(&[vec![1], vec![2], vec![3], vec![1]], &[0]), Err(vec![1, 2, 3, 1]));
        assert_eq!(order(&[vec![0]], &[0]), Err(vec![0, 0]));
    }

    #[test]
    fn a_long_chain_does_not_fill_the_stack() {
        let needs: Vec<_> = (0..200_000).map(|at| if at + 1 < 200_000 { vec![at + 1] } else { vec![] }).collect();
        assert_eq!(order(&needs, &[0]).map(|order| order.len()), Ok(200_000));
    }
}
