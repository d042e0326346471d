//! Blocks: from `##TITLE=` to `##END=`; a link block holds further blocks.

use super::ldr::Ldr;
use crate::error::Result;
use crate::format::noter::Noter;

/// The data records of one block, without those of blocks inside it.
#[derive(Debug, Default)]
pub(crate) struct Block<'a> {
    pub(crate) ldrs: Vec<Ldr<'a>>,
    /// The title of the link block around it, if it has one of at most 1,000 bytes.
    pub(crate) link_title: Option<&'a str>,
}

impl<'a> Block<'a> {
    /// The first record of a label.
    pub(crate) fn find(&self, label: &str) -> Option<&Ldr<'a>> {
        self.ldrs.iter().find(|ldr| ldr.label == label)
    }

    /// The value of a label on its first line, empty if there is none.
    pub(crate) fn first_of(&self, label: &str) -> &'a str {
        self.find(label).map_or("", |ldr| ldr.first)
    }

    /// The line where the block begins.
    pub(crate) fn line(&self) -> u64 {
        self.ldrs.first().map_or(0, |ldr| ldr.line)
    }

    /// The title, which every block but one that lacks it begins with. It is not searched for: a link
    /// block without one may be long, and each block inside it asks.
    fn title(&self) -> &'a str {
        self.ldrs.first().filter(|ldr| ldr.label == "TITLE").map_or("", |ldr| ldr.first)
    }

    fn is_link(&self) -> bool {
        self.first_of("DATATYPE").eq_ignore_ascii_case("LINK") || self.find("BLOCKS").is_some()
    }
}

/// Puts data records into blocks, in the order in which the blocks begin; link blocks themselves are
/// left out, their titles go to the blocks inside.
///
/// # Errors
/// `Malformed` where the reader is strict and an `##END=` is missing or too many.
pub(crate) fn blocks<'a>(ldrs: Vec<Ldr<'a>>, noter: &mut Noter) -> Result<Vec<Block<'a>>> {
    let mut done: Vec<Block<'a>> = Vec::new();
    // Links nest in principle; what is open is a stack of links and at most one other block.
    let mut links: Vec<Block<'a>> = Vec::new();
    let mut open: Option<Block<'a>> = None;
    let last_line = ldrs.last().map_or(0, |ldr| ldr.rest.last().map_or(ldr.line, |line| line.number));
    for ldr in ldrs {
        match ldr.label.as_str() {
            "TITLE" => {
                if let Some(block) = open.take() {
                    if block.is_link() {
                        links.push(block);
                    } else {
                        noter.repaired(ldr.line, "TITLE", "the block before has no ##END=")?;
                        done.push(block);
                    }
                }
                let link_title = links.last().map(Block::title);
                // Every block inside repeats it, so it must not be long.
                let link_title = link_title.filter(|title| !title.is_empty() && title.len() <= 1_000);
                open = Some(Block { ldrs: vec![ldr], link_title });
            }
            "END" => {
                if let Some(block) = open.take() {
                    if !block.is_link() {
                        done.push(block);
                    }
                } else if links.pop().is_none() {
                    noter.ignored(ldr.line, "END", "there is no block to end")?;
                }
            }
            _ => match (&mut open, links.last_mut()) {
                (Some(block), _) | (None, Some(block)) => block.ldrs.push(ldr),
                (None, None) => {
                    noter.repaired(ldr.line, ldr.spelled, "the block does not begin with ##TITLE=")?;
                    open = Some(Block { ldrs: vec![ldr], link_title: None });
                }
            },
        }
    }
    if open.is_some() || !links.is_empty() {
        noter.repaired(last_line, "END", "the text ends without ##END=")?;
        done.extend(open.filter(|block| !block.is_link()));
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{ReadOptions, jcamp_dx::ldr};

    fn titles(text: &str) -> (Vec<(String, Option<String>)>, u64) {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let ldrs = ldr::split(text, &mut noter).unwrap();
        let blocks = blocks(ldrs, &mut noter).unwrap();
        let titles = blocks
            .iter()
            .map(|block| (block.first_of("TITLE").to_owned(), block.link_title.map(str::to_owned)))
            .collect();
        (titles, noter.report.repaired + noter.report.ignored)
    }

    #[test]
    fn link_blocks_hand_their_title_on() {
        let all = "all".to_owned();
        let inner = vec![("a".to_owned(), Some(all.clone())), ("b".to_owned(), Some(all))];
        let text = "##TITLE=all\n##DATA TYPE=LINK\n##BLOCKS=2\n##TITLE=a\n##END=\n##TITLE=b\n##END=\n##END=";
        assert_eq!(titles(text), (inner.clone(), 0));
        let unended = "##TITLE=all\n##DATA TYPE=LINK\n##TITLE=a\n##TITLE=b\n";
        assert_eq!(titles(unended), (inner, 2));
        assert_eq!(titles("##END=\n##TITLE=x\n##END="), (vec![("x".to_owned(), None)], 1));
    }
}
