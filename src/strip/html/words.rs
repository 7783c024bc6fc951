//! What the names in `class` and `id` say of an element, in English and in pinyin.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

/// Groups of names, one bit each, in the order of [`GROUPS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Words(pub(super) u32);

impl Words {
    pub(super) const COMMENT: Self = Self(1 << 6);
    pub(super) const THREAD: Self = Self(1 << 11);
    pub(super) const FORUM: Self = Self(1 << 19);
    /// Names of posts, replies and comments, which say nothing where these are the text.
    pub(super) const DISCUSSION: Self = Self(1 << 6 | 1 << 11 | 1 << 17 | 1 << 19);
    /// Names of what stands around the text of a post.
    pub(super) const FRAME: Self = Self(1 << 1 | 1 << 2 | 1 << 5 | 1 << 7 | 1 << 10 | 1 << 13);
    pub(super) const CAPTION: Self = Self(1 << 15);
    pub(super) const POST: Self = Self(1 << 17);
    /// What a user of a forum has below each post, what a post repeats of another, and who posted it.
    pub(super) const SIGNATURE: Self = Self(1 << 20);
    pub(super) const QUOTE: Self = Self(1 << 21);
    pub(super) const POSTER: Self = Self(1 << 22);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How a group is called in the list of features, and its stems. `=` before a stem: the whole word only;
/// other stems begin or end a word ("articlebody" has two of them).
///
/// Source: names seen in the pages of the development half and in public page text; the weights are learnt.
pub(super) const GROUPS: [(&str, &str); 23] = [
    (
        "content",
        "content article entry story detail zhengwen neirong wenzhang artibody =trs richmedia richtext \
         markdown =text =txt =body mainbody bodytext newstext articletext maintext =con =cont =main =essay \
         =wz =zw =nr =vsb editor prose postbody cnt =read reader",
    ),
    (
        "nav",
        "nav navi navbar menu breadcrumb crumb crumbs daohang toolbar topbar =tab =tabs =pager pagination \
         =pages =page pagebar fenye =position =location =path weizhi =channel =cur catalog",
    ),
    (
        "foot",
        "foot footer copyright =bottom dibu banquan friendlink youlian =beian =bot disclaimer shengming",
    ),
    ("side", "side sidebar aside =right =left rightbar leftbar rail cebian =r =l =fr widget"),
    (
        "related",
        "related relate recommend =hot hotnews rank ranking =more readmore xiangguan tuijian remen guess =next \
         =prev =pre =prenext =like =likes paihang latest popular trending =about similar =promo =also \
         newslist =shang =xia",
    ),
    (
        "share",
        "share social weixin wechat weibo qrcode bdshare bdsharebuttonbox jiathis fenxiang erweima sns =like \
         =zan =praise =fav favorite follow guanzhu subscribe download",
    ),
    ("comment", "comment comments cmt =reply replies pinglun discuss respond disqus huifu liuyan guestbook"),
    (
        "meta",
        "author date =time pubtime source =info meta byline laiyuan zuozhe editor =from origin publish timestamp \
         =views =hits =click =ly =sj posted dateline =stat stats",
    ),
    (
        "ad",
        "=ad =ads advert advertisement =adv banner sponsor guanggao =gg promo google adsense =ggw taboola outbrain",
    ),
    ("head", "header =head =top logo masthead toubu topnav sitehead =hd banner"),
    (
        "login",
        "login register search =user signin signup denglu sousuo zhuce userinfo avatar profile =member =usercard",
    ),
    ("thread", "=post =posts thread topic =floor answer question message =reply replies louceng tiezi =best"),
    ("title", "title headline biaoti subject =tit =bt =h1 heading =caption"),
    (
        "popup",
        "modal dialog popup cookie consent =tip =tips toast =mask overlay tooltip paywall hidden =hide =none",
    ),
    ("tag", "=tag =tags keyword keywords =label labels category categories biaoqian =cat =topics"),
    ("caption", "caption figure =img =pic image photo picture tupian =figcaption gallery"),
    (
        "reference",
        "=toc reference references reflist footnote cite mulu editsection navbox infobox catlinks =ref",
    ),
    (
        "post",
        "=tf =pcb postmessage postbody postcontent cooked bbwrapper messagebody messagecontent richcontent ztext \
         =topiccontent =replycontent =commentcontent bbscontent besttext answertext =qcontent =prose postarticle \
         zwlitxt tpccontent readt =stockcodec conttxt rconten threadcontent quotecontent =atl topicrichtext answercontent \
         commentbody commenttext commentcontent replycontent topicbody",
    ),
    ("list", "list =item items =ul =li =row =card cards grid =feed =stream"),
    ("forum", "bbs forum thread topic =floor louceng tiezi tieba question answer =qa"),
    ("signature", "=sign =signs =sig signature qianming"),
    ("quote", "=quote =quotes quoted quotebox blockquote"),
    (
        "poster",
        "=pls flootleft readname userpanel usercard userinfo userdetails dauthor pauthor postprofile postauthor \
         postuser authorinfo =poster =avatar avatars lbadge pbadge authorcard aboutauthor",
    ),
];

/// Names of elements, remembered: a page uses the same few hundred over and over.
#[derive(Debug, Default)]
pub(super) struct Reader {
    seen: HashMap<u64, Words, Plain>,
    hasher: RandomState,
}

/// How much of an attribute is read. Class lists of generated pages reach some kilobytes and repeat.
const MAX_ATTRIBUTE_BYTES: usize = 256;
/// Distinct attributes that are remembered.
const MAX_SEEN: usize = 4096;

impl Reader {
    /// What `attribute`, the value of a class or an id, says.
    pub(super) fn read(&mut self, attribute: &[u8]) -> Words {
        let attribute = attribute.get(..MAX_ATTRIBUTE_BYTES).unwrap_or(attribute);
        let hash = self.hasher.hash_one(attribute);
        if let Some(&words) = self.seen.get(&hash) {
            return words;
        }
        let words = words_of(attribute);
        if self.seen.len() < MAX_SEEN {
            self.seen.insert(hash, words);
        }
        words
    }
}

/// Reads each name of the list as a whole, its letters only (`t_f`), and each of its words.
fn words_of(attribute: &[u8]) -> Words {
    let mut words = Words::default();
    let mut lower = Vec::with_capacity(64);
    for name in attribute.split(u8::is_ascii_whitespace) {
        lower.clear();
        let mut start = 0;
        let mut last = 0_u8;
        let mut count = 0;
        for &b in name {
            let is_camel = last.is_ascii_lowercase() && b.is_ascii_uppercase();
            if (is_camel || !b.is_ascii_alphabetic()) && lower.len() > start {
                words = words.and(group_of(lower.get(start..).unwrap_or_default()));
                start = lower.len();
                count += 1;
            }
            if b.is_ascii_alphabetic() {
                lower.push(b.to_ascii_lowercase());
            }
            last = b;
        }
        if lower.len() > start {
            words = words.and(group_of(lower.get(start..).unwrap_or_default()));
            count += 1;
        }
        if count > 1 {
            words = words.and(group_of(&lower));
        }
    }
    words
}

/// The bits of the groups of a stem, where it stands for the whole word, and where it begins or ends one.
#[derive(Clone, Copy, Debug, Default)]
struct Bits {
    whole: u32,
    part: u32,
}

/// All stems by the hash of their bytes, forwards and backwards: a word costs two look-ups a letter.
struct Stems {
    forwards: HashMap<u64, Bits, Plain>,
    backwards: HashMap<u64, Bits, Plain>,
    longest: usize,
}

static STEMS: LazyLock<Stems> = LazyLock::new(|| {
    let (mut forwards, mut backwards) = (HashMap::default(), HashMap::default());
    let mut longest = 0;
    for (bit, (_, stems)) in (0..).zip(&GROUPS) {
        for stem in stems.split_ascii_whitespace() {
            let whole = stem.strip_prefix('=');
            let bytes = whole.unwrap_or(stem).as_bytes();
            longest = longest.max(bytes.len());
            let add = |to: &mut HashMap<u64, Bits, Plain>, hash: u64| {
                let bits: &mut Bits = to.entry(hash).or_default();
                *if whole.is_some() { &mut bits.whole } else { &mut bits.part } |= 1 << bit;
            };
            add(&mut forwards, bytes.iter().copied().fold(SEED, step));
            add(&mut backwards, bytes.iter().rev().copied().fold(SEED, step));
        }
    }
    Stems { forwards, backwards, longest }
});

/// FNV-1a, 64 bits: of the few million words of a crawl none has the hash of a stem by chance.
const SEED: u64 = 0xCBF2_9CE4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
}

/// Hashes that are used as they are.
type Plain = BuildHasherDefault<AsIs>;

#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().copied().fold(self.0, step);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// The groups of one word in lower case.
fn group_of(word: &[u8]) -> Words {
    let stems = &*STEMS;
    let mut words = 0;
    let mut hash = SEED;
    for (at, byte) in word.iter().enumerate().take(stems.longest) {
        hash = step(hash, *byte);
        if let Some(bits) = stems.forwards.get(&hash) {
            words |= bits.part | if at + 1 == word.len() { bits.whole } else { 0 };
        }
    }
    hash = SEED;
    for byte in word.iter().rev().take(stems.longest) {
        hash = step(hash, *byte);
        words |= stems.backwards.get(&hash).map_or(0, |bits| bits.part);
    }
    Words(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(attribute: &str) -> Vec<&'static str> {
        let words = words_of(attribute.as_bytes());
        GROUPS
            .iter()
            .enumerate()
            .filter(|(bit, _)| words.0 >> bit & 1 == 1)
            .map(|(_, (name, _))| *name)
            .collect()
    }

    #[test]
    fn words_are_cut_at_case_and_punctuation() {
        assert_eq!(groups("mainContent"), ["content"]);
        assert_eq!(groups("t_f"), ["post"]);
        assert_eq!(groups("post-comments"), ["comment", "thread"]);
        assert_eq!(groups("xiangguan_list"), ["related", "list"]);
        assert_eq!(groups("articlebody"), ["content"]);
    }

    #[test]
    fn short_stems_need_a_whole_word() {
        assert_eq!(groups("shadow pad"), Vec::<&str>::new());
        assert_eq!(groups("top-ad"), ["ad", "head"]);
    }

    #[test]
    fn constants_match_the_table() {
        for (words, name) in [
            (Words::COMMENT, "comment"),
            (Words::THREAD, "thread"),
            (Words::POST, "post"),
            (Words::CAPTION, "caption"),
            (Words::FORUM, "forum"),
            (Words::SIGNATURE, "signature"),
            (Words::QUOTE, "quote"),
            (Words::POSTER, "poster"),
        ] {
            assert_eq!(GROUPS[words.0.trailing_zeros() as usize].0, name);
        }
    }
}
