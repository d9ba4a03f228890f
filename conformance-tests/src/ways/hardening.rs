//! What makes an attack harder: places in memory that tell nothing of each other, and memory that nobody writes any more.

use std::collections::HashSet;

use super::way::Way;

/// Random bits that every distance has at least.
const BITS: f64 = 28.0;
/// Fewer would give too little of an estimate; each takes seconds where it is emulated.
const RUNS: usize = 20;
const NAMES: [&str; 5] = ["program", "libc.so", "heap", "thread's stack", "first stack"];

/// Program, library, heap and stacks lie at distances that differ from run to run.
pub fn places_apart(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
         static void *work(void *p) { int here; *(void **)p = &here; return 0; }\n\
         int main(void)\n{\n\tvoid *stack, *heap = malloc(100);\n\tpthread_t id;\n\
         \tif (pthread_create(&id, 0, work, &stack) || pthread_join(id, 0)) return 1;\n\
         \tprintf(\"%p %p %p %p %p\\n\", (void *)main, (void *)puts, heap, stack, (void *)&stack);\n\treturn 0;\n}\n",
    )?;
    way.compile("main.c -o program")?;
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let outcome = way.start("program")?;
        let number = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
        let places: Vec<u64> = outcome.said.split_whitespace().filter_map(number).collect();
        runs.push(<[u64; 5]>::try_from(places).map_err(|_| format!("{}: {}", outcome.ending(), outcome.said))?);
    }
    let mut least = (f64::MAX, String::new());
    for one in 0..NAMES.len() {
        for other in one + 1..NAMES.len() {
            // Stacks are where Windows puts them.
            if way.host.is_windows() && one == 3 {
                continue;
            }
            let distances: Vec<u64> = runs.iter().map(|places| places[other].wrapping_sub(places[one])).collect();
            let bits = random_bits(&distances);
            let pair = format!("{} and {}", NAMES[one], NAMES[other]);
            println!("{}: {bits:.1} random bits between {pair}", way.host.name);
            if bits < least.0 {
                least = (bits, pair);
            }
        }
    }
    if least.0 < BITS { Err(format!("only {:.1} random bits between {}", least.0, least.1)) } else { Ok(()) }
}

/// How many bits of an address are random, as far as a few samples tell: the sum of the entropies of its bits. Samples that
/// occur twice show that there are fewer.
fn random_bits(samples: &[u64]) -> f64 {
    let distinct = samples.iter().collect::<HashSet<_>>().len();
    if distinct < samples.len() {
        return (distinct as f64).log2();
    }
    let entropy = |share: f64| if share <= 0.0 || share >= 1.0 { 0.0 } else { -share * share.log2() };
    (12..48)
        .map(|bit| {
            let share = samples.iter().filter(|sample| *sample >> bit & 1 != 0).count() as f64 / samples.len() as f64;
            entropy(share) + entropy(1.0 - share)
        })
        .sum()
}

/// The loader's table of functions of the host cannot be written.
pub fn table_is_read_only(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <setjmp.h>\n#include <signal.h>\nextern char xload_host[];\nstatic sigjmp_buf before;\n\
         static void stop(int signal) { siglongjmp(before, signal); }\n\
         int main(void)\n{\n\tstruct sigaction action = {.sa_handler = stop};\n\tsigaction(SIGSEGV, &action, 0);\n\
         \tif (sigsetjmp(before, 1)) return 7;\n\
         \t*(volatile char *)xload_host = *(volatile char *)xload_host;\n\treturn 1;\n}\n",
    )?;
    way.compile("main.c -l_xload -o program")?;
    way.expect("program", 7, &[])
}

/// Of the loader itself only its data can be written: what relocation wrote cannot.
pub fn loader_is_read_only(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <stdio.h>\nint main(void)\n{\n\tchar line[512];\n\tFILE *maps = fopen(\"/proc/self/maps\", \"r\");\n\
         \twhile (maps && fgets(line, sizeof line, maps)) fputs(line, stdout);\n\treturn 0;\n}\n",
    )?;
    way.compile("main.c -o program")?;
    let said = way.start("program")?.said;
    let own: Vec<&str> = said.lines().filter(|line| line.ends_with("/xload_linux")).collect();
    let with = |rights: &str| own.iter().filter(|line| line.split(' ').nth(1) == Some(rights)).count();
    // Headers and constants, code, what relocation wrote, data.
    if (with("r--p"), with("r-xp"), with("rw-p"), own.len()) == (2, 1, 1, 4) { Ok(()) } else { Err(said) }
}
