//! Does a call cost more where there are more users?
//!
//! ```text
//! cargo xtask load --scale                                  all of it, some minutes
//! cargo run --release -p scale -- --sizes 1000,100000       these pools
//! cargo run --release -p scale -- --rounds 50 --json FILE
//! ```
//!
//! The native kernel, over SQLite with the tables, the words and the cache of a Durable Object. Every
//! pool has its own database and its own place. The same calls are made in pools of each size, one
//! after the other, so that whatever else the machine does hits them alike; the medians of the largest
//! are compared with those of the smallest. In every pool they concern the same number of users, spread
//! evenly over all of them.
//!
//! `at work` is a place that these users called before, and what must hold is said of it. `woken` is
//! the first call of a place that was asleep, with nothing in memory: it tells of the disk as well.

mod calls;
mod fill;
mod sqlite;
mod srp;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::PathBuf,
    process::ExitCode,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use kernel::testing::World;
use lexopt::prelude::*;
use serde_json::json;

use calls::{Call, calls};
use fill::Filled;
use sqlite::Sqlite;

/// What the largest pool may cost beside the smallest.
const RATIO_MAX: f64 = 1.5;

struct Options {
    sizes: Vec<usize>,
    rounds: usize,
    json: Option<PathBuf>,
}

impl Options {
    fn read() -> Result<Self> {
        let mut options = Self { sizes: vec![1_000, 100_000, 1_000_000], rounds: 200, json: None };
        let mut args = lexopt::Parser::from_env();
        while let Some(arg) = args.next()? {
            match arg {
                Long("sizes") => {
                    let text = args.value()?.string()?;
                    let sizes: Result<_, _> = text.split(',').map(str::parse).collect();
                    options.sizes = sizes.context("sizes are numbers between commas")?;
                }
                Long("rounds") => options.rounds = args.value()?.parse()?,
                Long("json") => options.json = Some(args.value()?.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        let is_ascending = options.sizes.is_sorted() && options.sizes.len() > 1;
        if !is_ascending || options.sizes[0] < fill::SAMPLES {
            bail!("two or more sizes are wanted, ascending, from {} on", fill::SAMPLES);
        }
        Ok(options)
    }
}

const AT_WORK: &str = "at work";
const WOKEN: &str = "woken";

/// The medians of a call, for each size.
struct Row {
    name: String,
    state: &'static str,
    medians: Vec<Duration>,
}

impl Row {
    fn ratio(&self) -> f64 {
        let ends = [self.medians.last(), self.medians.first()];
        let [largest, smallest] = ends.map(|median| median.map_or(0.0, Duration::as_secs_f64));
        largest / smallest
    }
}

/// The databases, by the names of their places.
type Stores = Rc<RefCell<BTreeMap<String, Rc<Sqlite>>>>;

fn main() -> Result<ExitCode> {
    let options = Options::read()?;
    let folder = tempfile::tempdir()?;
    let stores = Stores::default();
    let world = world(folder.path().to_owned(), stores.clone());
    let mut pools = Vec::new();
    for &size in &options.sizes {
        let began = Instant::now();
        pools.push(Filled::new(&world, &stores, size)?);
        eprintln!("[scale] {size} users in {:.0} s", began.elapsed().as_secs_f64());
    }
    let mut rows = Vec::new();
    for call in &calls() {
        rows.push(measure(&world, &pools, (call, options.rounds), None)?);
    }
    for call in &calls() {
        rows.push(measure(&world, &pools, (call, options.rounds / 4), Some(&stores))?);
    }
    print(&options.sizes, &rows);
    if let Some(path) = &options.json {
        std::fs::write(path, written(&options, &rows))?;
    }
    // Not by `exit`, which would leave the databases behind.
    let holds = rows.iter().all(|row| row.state == WOKEN || row.ratio() <= RATIO_MAX);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn world(folder: PathBuf, stores: Stores) -> World {
    World::new().over(move |place| {
        let name = place.name();
        let path = folder.join(format!("{name}.sqlite"));
        let store = match Sqlite::open(&path) {
            Ok(store) => Rc::new(store),
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                std::process::exit(1);
            }
        };
        stores.borrow_mut().insert(name, store.clone());
        store
    })
}

/// Calls every pool in turn, as often as that.
fn measure(
    world: &World,
    pools: &[Filled],
    (call, rounds): (&Call, usize),
    asleep: Option<&Stores>,
) -> Result<Row> {
    let state = if asleep.is_some() { WOKEN } else { AT_WORK };
    eprintln!("[scale] {}, {state}", call.name);
    let mut times = vec![Vec::new(); pools.len()];
    // At first everybody calls once, unless there is nothing to warm up.
    let warm_up = if asleep.is_some() { 1 } else { fill::SAMPLES };
    for round in 0..warm_up + rounds {
        for (pool, times) in pools.iter().zip(&mut times) {
            let prepared = (call.prepare)(world, pool, round);
            if let Some(stores) = asleep {
                world.restart();
                stores.borrow().values().try_for_each(|store| store.sleep())?;
            }
            let taken = prepared(world)?;
            if round >= warm_up {
                times.push(taken);
            }
        }
    }
    let medians = times.into_iter().map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    Ok(Row { name: call.name.clone(), state, medians: medians.collect() })
}

fn print(sizes: &[usize], rows: &[Row]) {
    let mut head = format!("{:<44}", "µs, medians");
    head.extend(sizes.iter().map(|size| format!("{size:>10}")));
    for state in [AT_WORK, WOKEN] {
        println!("\n{state}\n{head}     ratio");
        for row in rows.iter().filter(|row| row.state == state) {
            let mut line = format!("{:<44}", row.name);
            for median in &row.medians {
                line.push_str(&format!("{:>10.1}", median.as_secs_f64() * 1e6));
            }
            let verdict = if row.ratio() > RATIO_MAX { "  above" } else { "" };
            println!("{line}{:>10.2}{verdict}", row.ratio());
        }
    }
    println!("\nat work, the largest may cost {RATIO_MAX} times what the smallest does");
}

fn written(options: &Options, rows: &[Row]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let medians: Vec<_> = row.medians.iter().map(|m| m.as_secs_f64() * 1e6).collect();
            json!({ "name": row.name, "state": row.state, "medians_us": medians, "ratio": row.ratio() })
        })
        .collect();
    json!({ "sizes": options.sizes, "rounds": options.rounds, "rows": rows }).to_string()
}
