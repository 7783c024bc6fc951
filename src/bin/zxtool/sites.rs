//! Site templates over a batch: the documents of a walk in windows of one site, each learnt from before it is done.
//!
//! A window's lessons come before its documents, in the order of the walk, and which pages they are depends on
//! nothing else. So any number of jobs gives the same bytes, and a run that is gone on with learns the same again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Component, Path};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{anyhow, bail};
use serde::{Deserialize, Serialize};
use zxtool::strip::site::{Learner, Lines, MIN_PAGES, Site};

use crate::action::Action;
use crate::args::{Records, Stripping};
use crate::filter::Task;
use crate::messages::{path_name, reason};
use crate::plan::Job;
use crate::walk::Found;

/// Documents that share a template: a site that changes its face over the years changes it between windows, and
/// no more than this many names are held.
const WINDOW_DOCUMENTS: usize = 1024;

/// Pages that are learnt from, of each window: one in so many, but at least and at most so many.
const LESSON_EVERY: usize = 8;
const MIN_LESSONS: usize = 24;
const MAX_LESSONS: usize = 128;

/// What a worker is given.
pub(crate) enum Item {
    /// A page to learn from.
    Lesson(Lesson),
    /// A document to do, with its window if it has one.
    Document(Found, Option<Arc<Window>>),
}

/// Documents of one site that follow each other.
#[derive(Default)]
pub(crate) struct Window {
    name: String,
    state: Mutex<State>,
    learnt: Condvar,
}

#[derive(Default)]
struct State {
    /// Lessons to come.
    left: usize,
    learner: Learner,
    action: Option<Arc<Action>>,
}

/// A page to learn from. Whatever becomes of it, its window does not wait for it any longer when it is gone.
pub(crate) struct Lesson {
    pub(crate) job: Job,
    window: Arc<Window>,
    lines: Option<Lines>,
}

impl Lesson {
    pub(crate) fn learn(mut self, lines: Option<Lines>) {
        self.lines = lines;
    }
}

impl Drop for Lesson {
    fn drop(&mut self) {
        let mut state = lock(&self.window.state);
        if let Some(lines) = self.lines.take() {
            state.learner.add(lines);
        }
        state.left -= 1;
        if state.left == 0 {
            self.window.learnt.notify_all();
        }
    }
}

impl Window {
    fn learnt(&self) -> MutexGuard<'_, State> {
        let state = lock(&self.state);
        self.learnt.wait_while(state, |state| state.left > 0).unwrap_or_else(PoisonError::into_inner)
    }

    /// `action` with what was learnt, once all lessons are over.
    pub(crate) fn action(&self, action: &Action) -> Arc<Action> {
        let mut state = self.learnt();
        let State { learner, action: with_site, .. } = &mut *state;
        let made = with_site.get_or_insert_with(|| {
            let site = std::mem::take(learner).site(&self.name);
            log::debug!("{}: {} lines learnt from {} pages", site.name, site.lines.len(), site.pages);
            Arc::new(action.with_site(&site))
        });
        Arc::clone(made)
    }

    /// What was learnt, once all lessons are over.
    fn site(&self) -> Site {
        self.learnt().learner.site(&self.name)
    }
}

/// The documents, in windows, each behind its lessons. A window without any document that `needs` doing has none.
pub(crate) fn windows<'a>(
    documents: impl Iterator<Item = Found> + Send + 'a,
    needs: impl Fn(&Job) -> bool + Send + 'a,
) -> impl Iterator<Item = Item> + Send + 'a {
    let mut documents = documents.peekable();
    let mut last: Option<Arc<Window>> = None;
    std::iter::from_fn(move || {
        let mut found: Vec<Found> = vec![documents.next()?];
        let mut name = site_of(found.first()?);
        let mut count = usize::from(name.is_some());
        while let Some(next) = documents.next_if(|next| {
            let of = site_of(next);
            count < WINDOW_DOCUMENTS
                && found.len() < 2 * WINDOW_DOCUMENTS
                && (of.is_none() || name.is_none() || of == name)
        }) {
            let of = site_of(&next);
            count += usize::from(of.is_some());
            name = name.or(of);
            found.push(next);
        }
        let same = name.as_deref().and_then(|name| continued(name, count, last.take()));
        let (window, mut items) = if same.is_some() {
            (same, Vec::new())
        } else {
            let window = window(&found, name, count, &needs);
            let lessons = window.as_ref().map_or_else(Vec::new, |window| lessons(&found, count, window));
            (window, lessons)
        };
        last.clone_from(&window);
        items.extend(found.into_iter().map(|found| {
            let window = window.clone().filter(|_| site_of(&found).is_some());
            Item::Document(found, window)
        }));
        Some(items)
    })
    .flatten()
}

/// The window before, if it is of the same site and there are few documents to learn from: it has had its lessons.
fn continued(name: &str, count: usize, last: Option<Arc<Window>>) -> Option<Arc<Window>> {
    last.filter(|last| count < MAX_LESSONS && last.name == name)
}

/// A window of `count` documents.
fn window(
    found: &[Found],
    name: Option<String>,
    count: usize,
    needs: &impl Fn(&Job) -> bool,
) -> Option<Arc<Window>> {
    let name = name?;
    let is_needed = found.iter().any(|found| matches!(found, Found::Document(job) if needs(job)));
    (count >= MIN_PAGES as usize && is_needed).then(|| Arc::new(Window { name, ..Window::default() }))
}

/// The lessons of a new window: evenly spread over its documents.
fn lessons(found: &[Found], count: usize, window: &Arc<Window>) -> Vec<Item> {
    let wanted = (count / LESSON_EVERY).clamp(MIN_LESSONS, MAX_LESSONS).min(count);
    let documents = found.iter().filter_map(|found| match found {
        Found::Document(job) if job.site.is_some() => Some(job),
        _ => None,
    });
    let chosen = documents.enumerate().filter(|(i, _)| i * wanted / count != (i + 1) * wanted / count);
    let lessons: Vec<Lesson> =
        chosen.map(|(_, job)| Lesson { job: job.clone(), window: Arc::clone(window), lines: None }).collect();
    lock(&window.state).left = lessons.len();
    lessons.into_iter().map(Item::Lesson).collect()
}

fn site_of(found: &Found) -> Option<String> {
    match found {
        Found::Document(job) => job.site.clone(),
        _ => None,
    }
}

/// The site of a document at `path`, counted from the directory that was named: the part that looks like a host, or
/// else its directory.
pub(crate) fn site_name(path: &Path) -> String {
    let directory = path.parent().unwrap_or(Path::new(""));
    let names = directory.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let host = names.clone().find(|name| is_host(name));
    host.map_or_else(|| names.collect::<Vec<_>>().join("/"), std::borrow::Cow::into_owned)
}

/// `www.example.com`, `localhost.example:8080`.
fn is_host(name: &str) -> bool {
    let name = name.split_once(':').map_or(name, |(host, _)| host);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let Some((rest, top)) = name.rsplit_once('.') else { return false };
    (2..=18).contains(&top.len())
        && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"))
        && rest.split('.').all(is_label)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of templates.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sites {
    /// Format of the file.
    zxtool_site: u32,
    sites: Vec<Site>,
}

const FORMAT: u32 = 1;

/// Reads what --learn wrote.
///
/// # Errors
/// A file that cannot be read or is no such file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Site>> {
    let name = path_name(path);
    let file = File::open(path).map_err(|e| anyhow!("{name}: cannot read: {}", reason(&e)))?;
    let sites: Sites = serde_json::from_reader(BufReader::new(file))
        .map_err(|e| anyhow!("{name}: no file of site templates: {e}; strip --learn makes one"))?;
    if sites.zxtool_site != FORMAT {
        bail!("{name}: site templates of format {}, which this version does not know", sites.zxtool_site);
    }
    Ok(sites.sites)
}

/// Which templates a run goes by.
#[derive(Debug)]
pub(crate) enum Templates {
    /// None, or the one that all documents have.
    Off,
    /// Those that it learns from the directories it walks.
    Learnt,
    /// Each document the one of its site.
    Given(Vec<Site>),
}

impl Templates {
    /// # Errors
    /// The file of --site cannot be read, or has many sites for records that have none.
    pub(crate) fn new(stripping: &Stripping, records: &Records, task: &mut Task) -> anyhow::Result<Self> {
        let has_records = records.jsonl || records.warc || !records.column.is_empty();
        let Some(path) = &stripping.site else {
            return Ok(if stripping.no_learn || has_records { Self::Off } else { Self::Learnt });
        };
        let sites = read(path)?;
        if let [site] = sites.as_slice() {
            task.options.strip.site = site.template().map(Arc::new);
            return Ok(Self::Off);
        }
        if has_records {
            bail!(
                "--site {}: has {} sites, and records name none; keep one in it",
                path_name(path),
                sites.len()
            );
        }
        Ok(Self::Given(sites))
    }
}

/// Gathers what the windows of a run have learnt; takes them in order.
#[derive(Default)]
pub(crate) struct Gathering {
    sites: BTreeMap<String, Site>,
    last: Option<Arc<Window>>,
}

impl Gathering {
    /// Takes the window of a document that has come to its turn: its lessons are over.
    pub(crate) fn take(&mut self, window: Arc<Window>) {
        if !self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &window)) {
            let site = window.site();
            match self.sites.entry(site.name.clone()) {
                std::collections::btree_map::Entry::Vacant(slot) => drop(slot.insert(site)),
                std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().merge(site),
            }
            self.last = Some(window);
        }
    }

    /// Writes the file that --site reads; how many lines and sites are in it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(self, mut out: impl io::Write) -> io::Result<(usize, usize)> {
        let sites: Vec<Site> = self.sites.into_values().filter(|site| !site.lines.is_empty()).collect();
        let counts = (sites.iter().map(|site| site.lines.len()).sum(), sites.len());
        serde_json::to_writer_pretty(&mut out, &Sites { zxtool_site: FORMAT, sites })?;
        writeln!(out)?;
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_host_or_a_directory() {
        let name = |path| site_name(Path::new(path));
        assert_eq!(name("crawl/www.example.com/news/1.html"), "www.example.com");
        assert_eq!(name("crawl/example.cn:8080/1.html"), "example.cn:8080");
        assert_eq!(name("crawl/v1.2/a.b/page.html"), "crawl/v1.2/a.b");
        assert_eq!(name("page.html"), "");
        assert_eq!(name("./a/page.html"), "a");
    }

    fn job(site: &str, n: usize) -> Found {
        Found::Document(Job {
            source: Some(format!("{site}/{n}").into()),
            place: None,
            is_walked: true,
            site: Some(site.to_owned()),
        })
    }

    #[test]
    fn lessons_come_before_the_documents_of_their_window() {
        let found = (0..5).map(|n| job("few", n)).chain((0..2100).map(|n| job("many", n)));
        let mut lessons = Vec::new();
        let mut documents = 0;
        for item in windows(found, |_| true) {
            match item {
                Item::Lesson(lesson) => lessons.push((documents, lesson.window.name.clone())),
                Item::Document(Found::Document(job), window) => {
                    assert_eq!(window.is_some(), job.site.as_deref() == Some("many"));
                    documents += 1;
                }
                Item::Document(..) => unreachable!(),
            }
        }
        assert_eq!(documents, 2105);
        let at = |before| lessons.iter().filter(|(at, name)| *at == before && name == "many").count();
        // The last 52 documents are too few to learn anew from.
        assert_eq!((lessons.len(), at(5), at(5 + 1024)), (256, 128, 128));
    }

    #[test]
    fn what_is_finished_needs_no_lessons() {
        let lessons = |needed: usize| {
            let needs =
                move |job: &Job| job.source.as_deref().is_some_and(|path| path.ends_with(needed.to_string()));
            windows((0..100).map(|n| job("a", n)), needs)
                .filter(|item| matches!(item, Item::Lesson(_)))
                .count()
        };
        assert_eq!((lessons(7), lessons(100)), (24, 0));
    }
}
