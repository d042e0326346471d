//! What is on a disk.

use std::collections::BTreeMap;

/// What is on a disk: names, and the files that they lead to. Two names may lead to one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image {
    pub(crate) folder_is_there: bool,
    pub(crate) names: BTreeMap<String, usize>,
    pub(crate) contents: Vec<Vec<u8>>,
}

impl Image {
    /// A folder with these files.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut image = Self { folder_is_there: true, ..Self::default() };
        for (name, bytes) in files {
            image.set(&name, bytes);
        }
        image
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The bytes of a file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.names.get(name).map(|&file| self.contents[file].as_slice())
    }

    /// Puts a file in the place of one of this name, or makes it.
    pub fn set(&mut self, name: &str, bytes: Vec<u8>) {
        self.names.insert(name.to_owned(), self.contents.len());
        self.contents.push(bytes);
    }

    /// Which names are there and which of them lead to the same file, whatever is in it.
    #[must_use]
    pub fn shape(&self) -> Vec<(String, usize)> {
        self.names.iter().map(|(name, &file)| (name.clone(), file)).collect()
    }

    /// The same folder with its files numbered in the order of their names, and none without a name.
    pub(crate) fn normal(&self) -> Self {
        let mut image = Self { folder_is_there: self.folder_is_there, ..Self::default() };
        let mut numbers = BTreeMap::new();
        for (name, file) in &self.names {
            let number = *numbers.entry(file).or_insert_with(|| {
                image.contents.push(self.contents[*file].clone());
                image.contents.len() - 1
            });
            image.names.insert(name.clone(), number);
        }
        image
    }
}
