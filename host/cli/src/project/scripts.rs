//! One grammar for scripts and folders: a path to a file means that script in its folder, a path
//! to a folder means its scripts, and a name means a script of the folder.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_store::{Location, belongs};
use moonring_wire::hint;

/// How a script's file may end.
const ENDINGS: [&str; 2] = ["lua", "luau"];

/// Where the scripts are, and the script that was named, if one was. `folder` is what `--scripts`
/// says, `said` any other word, `otherwise` the place where nothing is said.
///
/// # Errors
/// When there is no such folder or script.
pub(super) fn find(
    folder: Option<&str>,
    said: Option<&str>,
    otherwise: impl FnOnce() -> Location,
) -> anyhow::Result<(Location, Option<String>)> {
    let of_folder = folder.map(|text| read(text, None)).transpose()?;
    if let Some((location, Some(script))) = &of_folder {
        anyhow::ensure!(
            said.is_none(),
            "--scripts {} names the script {script} already; name a script once",
            folder.unwrap_or_default()
        );
        return Ok((location.clone(), Some(script.clone())));
    }
    let is_explicit = of_folder.is_some();
    let base = of_folder.map_or_else(otherwise, |(location, _)| location);
    let (location, script) = match said {
        Some(said) => read(said, Some(&base))?,
        None => (base.clone(), None),
    };
    anyhow::ensure!(
        !is_explicit || location == base,
        "--scripts names {base}, and `{}` names {location}; name one of them",
        said.unwrap_or_default()
    );
    if let Location::Folder(path) = &location {
        anyhow::ensure!(
            path.is_dir(),
            "{} is not a folder; say where the scripts are with --scripts DIR",
            path.display()
        );
    }
    Ok((location, script))
}

/// What a word names; `base` is the folder that names of scripts belong to.
fn read(said: &str, base: Option<&Location>) -> anyhow::Result<(Location, Option<String>)> {
    if said.contains("://") {
        let location = said.parse().context("the location of the scripts cannot be used")?;
        return Ok((location, None));
    }
    anyhow::ensure!(
        !said.is_empty(),
        "the name of the scripts is empty; wanted a folder or a script"
    );
    if let Some(Location::S3 { .. }) = base {
        return Ok((base.cloned().unwrap_or(Location::Folder(said.into())), Some(said.to_owned())));
    }
    let folder = match base {
        Some(Location::Folder(folder)) => Some(folder.as_path()),
        _ => None,
    };
    if let Some(file) = file_of(Path::new(said)) {
        return of_file(&file, folder);
    }
    if let Some(folder) = folder
        && file_of(&folder.join(said)).is_some()
    {
        let name = without_ending(Path::new(said)).to_string_lossy().replace('\\', "/");
        return Ok((Location::Folder(folder.to_owned()), Some(name)));
    }
    let Some(folder) = folder else { return Ok((Location::Folder(said.into()), None)) };
    if Path::new(said).is_dir() {
        return Ok((Location::Folder(said.into()), None));
    }
    let names = names(folder, folder);
    // Of a path, what a name would be.
    let name = without_ending(Path::new(said).file_name().map_or(Path::new(said), Path::new));
    let name = name.to_string_lossy();
    anyhow::bail!(
        "there is no script or folder `{said}`; wanted a path, or the name of a script in {}{}",
        folder.display(),
        hint(&name, names.iter().map(String::as_str))
    );
}

/// A script by its file: of the folder where it lies in it, else of its own folder.
fn of_file(file: &Path, folder: Option<&Path>) -> anyhow::Result<(Location, Option<String>)> {
    let has_ending =
        file.extension().is_some_and(|ending| ENDINGS.iter().any(|own| ending == *own));
    anyhow::ensure!(
        has_ending,
        "{} is not a script; wanted a file that ends in .lua",
        file.display()
    );
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    anyhow::ensure!(
        belongs(&name),
        "{} cannot belong to a release; wanted a name without spaces and colons that does not begin with a dot and does not end in .spec.lua",
        file.display()
    );
    let whole = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let below = folder.and_then(|folder| {
        let inside = whole(file).strip_prefix(whole(folder)).ok().map(Path::to_owned)?;
        Some((folder.to_owned(), inside))
    });
    let (folder, inside) = below.unwrap_or_else(|| {
        let own = file.parent().filter(|own| *own != Path::new("")).unwrap_or(Path::new("."));
        (own.to_owned(), file.file_name().map_or_else(|| file.to_owned(), PathBuf::from))
    });
    let name = without_ending(&inside).to_string_lossy().replace('\\', "/");
    Ok((Location::Folder(folder), Some(name)))
}

/// The file of a path that may leave out its ending.
fn file_of(path: &Path) -> Option<PathBuf> {
    let with = |ending: &&str| PathBuf::from(format!("{}.{ending}", path.display()));
    let paths = std::iter::once(path.to_owned()).chain(ENDINGS.iter().map(with));
    paths.into_iter().find(|path| path.is_file())
}

fn without_ending(path: &Path) -> PathBuf {
    let has_ending =
        path.extension().is_some_and(|ending| ENDINGS.iter().any(|own| ending == *own));
    if has_ending { path.with_extension("") } else { path.to_owned() }
}

/// The names of the scripts in a folder and the folders in it.
fn names(folder: &Path, below: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let of_entry = |entry: std::fs::DirEntry| {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        match path.is_dir() {
            // A link can lead in a circle.
            true if !is_hidden && !path.is_symlink() => names(&path, below),
            false if without_ending(&path) != path => {
                let inside = without_ending(path.strip_prefix(below).unwrap_or(&path));
                vec![inside.to_string_lossy().replace('\\', "/")]
            }
            _ => Vec::new(),
        }
    };
    entries.flat_map(of_entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_a_folder_and_a_name_find_their_scripts() {
        let place = tempfile::tempdir().unwrap();
        let scripts = place.path().join("scripts");
        std::fs::create_dir_all(scripts.join("support")).unwrap();
        for file in ["greeter.lua", "support/night.lua", "notes.txt"] {
            std::fs::write(scripts.join(file), "").unwrap();
        }
        let base = Location::Folder(scripts.clone());
        let find = |folder: Option<&str>, said: Option<&str>| {
            find(folder, said, || base.clone()).map_err(|error| error.to_string())
        };
        let path = |inside: &str| scripts.join(inside).display().to_string();
        let of_base = |name: &str| Ok((base.clone(), Some(name.to_owned())));
        assert_eq!(find(None, None), Ok((base.clone(), None)));
        for said in
            ["greeter".to_owned(), "greeter.lua".to_owned(), path("greeter.lua"), path("greeter")]
        {
            assert_eq!(find(None, Some(&said)), of_base("greeter"), "{said}");
        }
        for said in ["support/night".to_owned(), path("support/night.lua")] {
            assert_eq!(find(None, Some(&said)), of_base("support/night"), "{said}");
        }
        let night = (Location::Folder(scripts.join("support")), Some("night".to_owned()));
        assert_eq!(find(Some(&path("support/night.lua")), None), Ok(night));
        assert_eq!(
            find(None, Some(&path("support"))),
            Ok((Location::Folder(scripts.join("support")), None))
        );
        assert_eq!(
            find(Some(&path("")), Some("greeter")).map(|(_, script)| script),
            Ok(Some("greeter".to_owned()))
        );
        let wrong = find(None, Some("greter")).unwrap_err();
        assert!(wrong.ends_with("; did you mean `greeter`?"), "{wrong}");
        let wrong = find(None, Some(&path("notes.txt"))).unwrap_err();
        assert!(
            wrong.ends_with("notes.txt is not a script; wanted a file that ends in .lua"),
            "{wrong}"
        );
        let wrong = find(Some(&path("greeter.lua")), Some("support/night")).unwrap_err();
        assert!(wrong.ends_with("names the script greeter already; name a script once"), "{wrong}");
        let wrong = find(Some(&path("none")), None).unwrap_err();
        assert!(wrong.contains("is not a folder"), "{wrong}");
    }
}
