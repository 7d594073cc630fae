//! Measures hashing a recording in a folder, against SHA-256 alone over the same pieces, and its memory.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use adapters_local::folder::{Folder, FolderBlobs};
use domain::address::BlobAddress;
use pipeline::ledger::hash_blob;
use sha2::{Digest, Sha256};

use crate::process::run;
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Argument that makes this program hash a recording.
pub const ARGUMENT: &str = "--hash-recording";

/// Bytes read at a time, equal to `hash_blob`.
const PIECE: usize = 4 << 20;
const SIZE: u64 = 1 << 30;
/// Factor by which the smaller recording of the memory comparison is smaller; both may differ by two pieces of memory.
const SMALLER: u64 = 4;

/// Measures elapsed time, CPU and memory.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let large = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let small = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    make(large.path(), SIZE)?;
    make(small.path(), SIZE / SMALLER)?;

    let (runtime, blobs, at) = (crate::runtime()?, blobs(large.path())?, recording()?);
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut measure = |clock: fn() -> Duration| {
        Round::alternate(
            effort.pick(3, 9),
            || {
                let (cost, hashed) = cpu::measure(clock, || runtime.block_on(hash_blob(&blobs, &at, None)));
                ours = hashed?.ok_or("the recording is not there")?.sha256.to_string();
                Ok(cost)
            },
            || {
                let (cost, hash) = cpu::measure(clock, || alone(&file(large.path())));
                theirs = hash?;
                Ok(cost)
            },
        )
    };
    let (elapsed, used) = (measure(cpu::elapsed)?, measure(cpu::of_this_process)?);
    if ours != theirs {
        return Err(format!("the hashes differ: {ours}, sha2 alone {theirs}").into());
    }
    let mebibytes = usize::try_from(SIZE >> 20)?;
    let [of_large, of_small] = most_resident([large.path(), small.path()], effort.pick(3, 9))?;
    Ok(vec![
        Measurement::rate("MiB of a recording in a folder, sha2 alone", &elapsed, mebibytes, Wanted::AtLeast(0.9)),
        Measurement::rate("the same by CPU", &used, mebibytes, Wanted::Nothing),
        Measurement::size(
            format!("resident at most, median of the processes, against a recording of {} MiB", (SIZE / SMALLER) >> 20),
            of_large,
            // Two threads may hold more or fewer pieces at the same time, independent of the recording's length.
            of_small + 2 * PIECE as u64,
        ),
    ])
}

/// Hashes the recording once; runs in the measured process.
pub fn hash_once(folder: &str) -> Measured<()> {
    let hashed = crate::runtime()?.block_on(hash_blob(&blobs(Path::new(folder))?, &recording()?, None))?;
    println!("{}", hashed.ok_or("the recording is not there")?.sha256);
    Ok(())
}

/// Returns for each folder the median peak memory of processes that hash its recording. Processes differ by about ten
/// mebibytes, whatever they hash, depending on how their threads allocate.
fn most_resident(folders: [&Path; 2], processes: usize) -> Measured<[u64; 2]> {
    let mut most = [const { Vec::new() }; 2];
    for _ in 0..processes {
        for (most, folder) in most.iter_mut().zip(folders) {
            most.push(run(Command::new(std::env::current_exe()?).arg(ARGUMENT).arg(folder))?.most_resident);
        }
    }
    Ok(most.map(|mut most| {
        most.sort_unstable();
        most[most.len() / 2]
    }))
}

fn alone(file: &Path) -> Measured<String> {
    let (mut file, mut piece, mut hashing) = (File::open(file)?, vec![0; PIECE], Sha256::new());
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hashing.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            count => hashing.update(&piece[..count]),
        }
    }
}

fn recording() -> Measured<BlobAddress> {
    Ok(BlobAddress::parse("stbastionrec01", "recordings", "vm-0000001-azureadmin")?)
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("stbastionrec01/recordings/vm-0000001-azureadmin")
}

fn blobs(folder: &Path) -> Measured<FolderBlobs> {
    Ok(FolderBlobs::new(Folder::open(folder, folder.join(".archivist"))?))
}

/// Creates a sparse file of zeros, which needs no disk space and takes as long to hash as any content.
fn make(folder: &Path, size: u64) -> Measured<()> {
    let file = file(folder);
    fs::create_dir_all(file.parent().ok_or("a file is in a folder")?)?;
    Ok(File::create(file)?.set_len(size)?)
}
