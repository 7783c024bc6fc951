#!/usr/bin/env python3
"""Invents pages of kinds that the development half has few of, for learn.py: threads, questions with answers, shops,
lists, manuals, encyclopaedias, notices with tables, articles above cards of other articles.

    python3 tools/strip-html/invent.py SENTENCES_DIR OUT_DIR [PAGES]

The frames are our own, in the manner of the software such sites run on, with class names of theirs, of others or
without meaning. The sentences are those of the `*.gold.txt` in SENTENCES_DIR, shuffled. What is article is known,
because it is put there: `NAME.gold.txt` beside each `NAME.html`. Nothing of it is checked in.
"""

import glob
import html
import random
import re
import sys
from pathlib import Path

OPEN, CLOSE = "\ue000", "\ue001"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂华小红志国建文晓雨"
HANDLES = "小 老 大 爱吃 一只 南方 北城 深夜 不想 快乐 阿 追风 路过 今天 隔壁".split()
HANDLE_ENDS = "鱼 猫 同学 的风 少年 大叔 书生 不加班 程序员 旅人 豆 狗子 先生 姑娘".split()
NAV = "首页 新闻 国内 国际 财经 体育 娱乐 科技 论坛 博客 视频 图片 教育 健康 汽车 房产 旅游 社区 专题 登录 注册 帮助 手机版".split()
NAV_EN = "Home News Products Shop About Contact Blog Support Pricing Docs Careers Login Sign-up Help Community".split()


class Texts:
    def __init__(self, folder, rng, is_chinese):
        self.rng, self.zh = rng, is_chinese
        self.sentences, self.heads = [], []
        for file in sorted(glob.glob(f"{folder}/*.gold.txt")):
            text = open(file, encoding="utf-8").read()
            if (len(re.findall("[一-鿿]", text)) * 3 > len(text)) != is_chinese:
                continue
            for line in text.splitlines():
                line = line.strip()
                cut = re.findall("[^。！？]+[。！？]”?", line) if is_chinese else re.findall(r"[A-Z][^.!?]+[.!?](?= |$)", line)
                self.sentences += [s.strip() for s in cut if 8 <= len(s) <= 240]
                if 4 <= len(line) <= (24 if is_chinese else 60) and not line.endswith(("。", ".")):
                    self.heads.append(line)

    def say(self, low=1, high=4):
        glue = "" if self.zh else " "
        return glue.join(self.rng.choice(self.sentences) for _ in range(self.rng.randint(low, high)))

    def short(self):
        """A few words, as in a reply or a list."""
        text = self.rng.choice(self.sentences)
        part = re.split("[，。！？；]" if self.zh else "[,;.!?]", text)[0]
        limit = self.rng.randint(4, 22) if self.zh else self.rng.randint(15, 70)
        return part[:limit].strip() + self.rng.choice(["", "", "！" if self.zh else "!", "？" if self.zh else "?", "…"])

    def head(self):
        return self.rng.choice(self.heads)

    def reply(self):
        return self.short() if self.rng.random() < 0.4 else self.say(1, self.rng.choice([1, 2, 5]))

    def who(self):
        rng = self.rng
        if not self.zh:
            return rng.choice(["jim", "Ana", "dev", "Mark", "lucy", "tom"]) + rng.choice(["", "_42", " Smith", "88", "son"])
        if rng.random() < 0.5:
            return rng.choice(HANDLES) + rng.choice(HANDLE_ENDS)
        return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.randint(1, 2)))

    def when(self):
        rng = self.rng
        y, m, d, h, n = rng.randint(2004, 2025), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59)
        forms = [f"{y}-{m:02}-{d:02} {h:02}:{n:02}", f"{y}/{m}/{d}", f"{rng.randint(2, 23)}小时前" if self.zh else f"{rng.randint(2, 23)} hours ago"]
        return rng.choice(forms + ([f"{y}年{m}月{d}日"] if self.zh else [f"Mar {d}, {y}"]))


class Page:
    """Pieces of a page: `keep` is text that a reader wants, everything else is frame."""

    def __init__(self, texts, rng):
        self.t, self.rng = texts, rng
        self.zh = texts.zh
        self.means = rng.random() < 0.7
        self.names = {}

    def c(self, *names):
        """A class attribute: one of `names`, the same for the whole page; or a name without meaning."""
        if names not in self.names:
            blank = "".join(self.rng.choices("abcdefghij0123456789", k=6))
            self.names[names] = self.rng.choice(names) if self.means else self.rng.choice([f"css-{blank}", f"s{blank}", ""])
        name = self.names[names]
        return f' class="{name}"' if name else ""

    def keep(self, text):
        return f"{OPEN}{html.escape(text, quote=False)}{CLOSE}"

    def link(self, text, keep=False):
        return f'<a href="/{self.rng.randint(1, 99999)}.html">{self.keep(text) if keep else html.escape(text)}</a>'

    def some(self, low, high, make):
        return "".join(make() for _ in range(self.rng.randint(low, high)))

    def say(self, zh, en):
        return self.rng.choice((zh if self.zh else en).split("|"))

    def menu(self):
        items = self.rng.sample(NAV if self.zh else NAV_EN, self.rng.randint(5, 12))
        if self.rng.random() < 0.5:
            return f"<ul{self.c('nav', 'menu', 'navbar-nav')}>" + "".join(f"<li>{self.link(i)}</li>" for i in items) + "</ul>"
        return f"<div{self.c('nav', 'top', 'header')}>" + " | ".join(self.link(i) for i in items) + "</div>"

    def links(self, title=None):
        title = title or self.say("热门推荐|相关阅读|最新文章|本周排行|猜你喜欢|最新主题", "Related|Most popular|You may like|Recent topics")
        items = self.some(4, 12, lambda: f"<li>{self.link(self.t.short())}</li>")
        return f"<div{self.c('side', 'related', 'hot', 'widget', 'rank')}><h3>{title}</h3><ul>{items}</ul></div>"

    def cards(self):
        """Other articles, each with its first sentence."""
        def card():
            text = self.t.say(1, 2)[:110]
            more = self.rng.choice([f"……{self.link('详细')}" if self.zh else f"… {self.link('Read more')}", "【详细】" if self.zh else " [...]", "..."])
            return f"<div{self.c('item', 'card', 'news-item', 'feed-item')}><h4>{self.link(self.t.head())}</h4><p>{html.escape(text)}{more}</p></div>"
        return f"<div{self.c('list', 'more', 'recommend', 'feed')}>" + self.some(3, 14, card) + "</div>"

    def foot(self):
        t = self.t
        name = t.head()[:6]
        lines = [f"Copyright © 2003-2024 {name} All Rights Reserved"]
        if self.zh:
            lines += [f"{name}版权所有 未经书面授权不得转载", f"京ICP备{self.rng.randint(10000, 99999999)}号", "违法和不良信息举报电话：010-8888" + str(self.rng.randint(1000, 9999)),
                      self.say("关于我们 | 联系我们 | 广告服务 | 隐私政策|Powered by Discuz! X3.4|技术支持：星网科技", "")]
        else:
            lines += ["Privacy Policy | Terms of Service", "Subscribe to our newsletter for weekly updates."]
        self.rng.shuffle(lines)
        br = self.rng.choice(["<br>", "</p><p>"])
        return f"<div{self.c('footer', 'foot', 'copyright')}><p>{br.join(lines)}</p></div>"

    def crumbs(self, title):
        return f"<div{self.c('crumb', 'breadcrumb', 'pt', 'location')}>" + self.say("当前位置：|您的位置：|", "|") + " &gt; ".join(
            self.link(i) for i in self.rng.sample(NAV if self.zh else NAV_EN, 2)) + f" &gt; {html.escape(title)}</div>"

    def share(self):
        return f"<div{self.c('share', 'bdshare', 'tools')}>" + self.say("分享到：微信 微博 QQ空间|收藏 举报 打印|点赞 评论 分享", "Share Tweet Email|Print Save Share") + "</div>"

    def whole(self, title, body):
        site = self.t.head()[:8]
        mark = self.rng.choice([" - ", "_", " | ", "-"])
        top = self.menu() + (self.links() if self.rng.random() < 0.3 else "") + (self.crumbs(title) if self.rng.random() < 0.6 else "")
        end = (self.links() if self.rng.random() < 0.6 else "") + (self.links() if self.rng.random() < 0.3 else "") + self.foot()
        return f"<html><head><meta charset=utf-8><title>{html.escape(title)}{mark}{site}</title></head><body>{top}{body}{end}</body></html>"


def text(p, low=1, high=4):
    """Paragraphs in `p` or with `br`."""
    many = [p.keep(p.t.say(1, 4)) for _ in range(p.rng.randint(low, high))]
    if p.rng.random() < 0.3:
        return f"<div>{'<br><br>'.join(many)}</div>"
    return "".join(f"<p>{one}</p>" for one in many)


def thread(p):
    """Posts, each in a frame with the name, the figures and the date of who wrote it, a signature, buttons."""
    t, rng = p.t, p.rng
    title = t.head() + p.say("？|怎么办|求助||", "?|")
    is_table, has_side, has_signature, has_quotes = (rng.random() < q for q in (0.4, 0.5, 0.4, 0.4))
    n = rng.choice([1, 2, 4, 8, 20])

    def post(i):
        who = t.who()
        side = p.link(who)
        if has_side:
            facts = [f"{rng.randint(1, 99)}{x}" for x in (["主题", "帖子", "积分"] if p.zh else [" posts", " points", " threads"])]
            facts += [p.say("新手上路|中级会员|论坛元老|注册会员|金牌会员", "Junior Member|Veteran|Regular")]
            side += "".join(f"<p><em>{fact}</em></p>" for fact in facts)
        floor = p.say(rng.choice(["楼主|1楼", "1#"]) if i == 0 else f"{i + 1}楼|{i + 1}#|第{i + 1}楼", f"#{i + 1}")
        info = f"<div{p.c('authi', 'info', 'meta', 'post-meta', 'postinfo')}>{p.say('发表于|发布于||回复于', 'Posted|on|')} {t.when()} {floor}" + (
            p.say(" | 只看该作者| 来自 手机客户端||", "|") if rng.random() < 0.5 else "") + "</div>"
        quote = ""
        if has_quotes and i and rng.random() < 0.3:
            quote = f"<blockquote{p.c('quote', 'blockquote')}>{t.who()} {p.say('发表于|说：', 'wrote:')} {t.when()}<br>{html.escape(t.say(1, 1))}</blockquote>"
        many = [p.keep(t.reply() if i else t.say(1, 5)) for _ in range(1 if i and rng.random() < 0.7 else rng.randint(1, 4))]
        join = rng.choice(["<br>", "<br><br>", None])
        said = join.join(many) if join else "".join(f"<p>{one}</p>" for one in many)
        body = f"<div{p.c('t_f', 'post-content', 'message', 'd_post_content', 'cooked', 'reply_content', 'postbody', 'tpc_content', 'markdown-body')}>{quote}{said}</div>"
        tail = f"<div{p.c('po', 'post-tail', 'actions', 'core_reply')}>" + p.say("回复 举报 赞|回复 支持 反对 使用道具 举报|引用 回复|点赞 0 踩 0 回复|感谢回复者", "Reply Quote Report|Like Reply Share") + "</div>"
        if has_signature and rng.random() < 0.5:
            tail += f"<div{p.c('sign', 'signature', 'sig')}>{html.escape(t.short())}</div>"
        if is_table:
            return f"<table{p.c('plhin', 'post', 'tpc')}><tr><td{p.c('pls', 'author', 'user')}>{side}</td><td{p.c('plc', 'postcontent')}>{info}{body}{tail}</td></tr></table>"
        return f"<div{p.c('post', 'l_post', 'reply', 'floor', 'comment', 'Post', 'cell')}><div{p.c('author', 'avatar', 'user', 'poster')}>{side}</div><div>{info}{body}{tail}</div></div>"

    pager = f"<div{p.c('pg', 'pager', 'pagination')}>1 2 3 4 ... {rng.randint(5, 99)} {p.say('下一页|下页|尾页', 'Next')}</div>" if rng.random() < 0.5 else ""
    posts = f"<div{p.c('postlist', 'thread', 'replies', 'topic', 'discussion')}>" + "".join(post(i) for i in range(n)) + "</div>"
    answer = f"<form>{p.say('您需要登录后才可以回帖 登录 | 立即注册|快速回复|发表评论', 'Log in to reply|Leave a reply')}<textarea></textarea></form>"
    head = f"<h1>{html.escape(title)}</h1>" if rng.random() < 0.8 else f"<div{p.c('title', 'subject')}>{html.escape(title)}</div>"
    counts = f"<div{p.c('views', 'count')}>{p.say('查看: 1024 | 回复: 16|16 回复贴，共1页|浏览 3000 次', '16 replies|1k views')}</div>" if rng.random() < 0.6 else ""
    return title, head + counts + pager + posts + pager + answer + (p.links() if rng.random() < 0.5 else "")


def question(p):
    t, rng = p.t, p.rng
    title = t.head() + p.say("？|怎么回事？|是什么意思", "?")
    asked = f"<div{p.c('question', 'ask', 'q-content', 'QuestionRichText')}><h1>{html.escape(title)}</h1>" + (
        text(p, 1, 2) if rng.random() < 0.7 else "") + f"<div{p.c('info', 'q-info')}>{t.who()} · {t.when()} · {p.say('浏览 12 次|3 个回答|关注问题 写回答', 'Viewed 12k times|3 answers')}</div></div>"

    def answer():
        return (f"<div{p.c('answer', 'bd answer', 'List-item', 'AnswerItem', 'best-text')}><div{p.c('user', 'author', 'AuthorInfo')}>{p.link(t.who())} "
                f"{p.say('推荐于|TA获得超过1万个赞|知道合伙人|已认证的官方帐号', 'answered|Expert')} {t.when()}</div>"
                f"<div{p.c('content', 'answer-text', 'RichText', 'answer_content', 'post-text')}>{text(p, 1, 4) if rng.random() < 0.6 else p.keep(t.reply())}</div>"
                f"<div{p.c('actions', 'evaluate', 'ContentItem-actions')}>{p.say('赞同 12|评论|已赞过 已踩过 你对这个回答的评价是？ 评论 收起|添加评论 分享 收藏 感谢', 'Share Improve this answer Follow|Upvote Comment')}</div></div>")

    return title, asked + p.some(1, 6, answer) + (p.links(p.say("其他类似问题|为你推荐|相关问题", "Related questions")))


def comments(p):
    """A page of short reviews."""
    t = p.t
    title = t.head() + p.say("短评|的评论|书评", " reviews")

    def one():
        return (f"<li{p.c('comment-item', 'review', 'cmt')}><div{p.c('comment-info', 'who')}>{p.link(t.who())} {p.say('看过|想看|力荐|推荐', 'rated 4/5|')} {t.when()}</div>"
                f"<p{p.c('short', 'comment-content', 'review-text')}>{p.keep(t.reply())}</p><span>{p.rng.randint(0, 900)} {p.say('有用|赞|回应', 'helpful')}</span></li>")

    return title, f"<h1>{html.escape(title)}</h1><ul{p.c('comments', 'reviews', 'comment-list')}>" + p.some(5, 25, one) + "</ul>"


def article(p):
    """Running text, with cards of other articles or readers' comments behind it."""
    t, rng = p.t, p.rng
    title = t.head()
    info = f"<div{p.c('info', 'meta', 'source', 'article-info')}>{t.when()} {p.say('来源：|作者：|编辑：', 'By ')}{t.who()}</div>"
    body = text(p, 1, 12)
    if rng.random() < 0.3:
        body += f"<h2>{p.keep(t.short())}</h2>" + text(p, 1, 4)
    if rng.random() < 0.3:
        body += "<ul>" + p.some(3, 8, lambda: f"<li>{p.keep(t.short())}</li>") + "</ul>"
    whole = f"<div{p.c('article', 'content', 'main', 'entry', 'detail', 'TRS_Editor')}><h1>{html.escape(title)}</h1>{info}{body}</div>{p.share()}"
    if rng.random() < 0.6:
        whole += p.cards()
    if rng.random() < 0.4:
        one = lambda: f"<div{p.c('comment', 'cmt-item')}><b>{t.who()}</b> {t.when()}<p>{html.escape(t.reply())}</p><span>{p.say('回复 赞|举报', 'Reply')}</span></div>"
        whole += f"<div{p.c('comments', 'comment-list', 'cmt')}><h3>{p.say('网友评论|最新评论|全部评论', 'Comments|Responses')}</h3>" + p.some(2, 10, one) + "</div>"
    return title, whole


def verse(p):
    t = p.t
    title = t.head()
    lines = "<br>".join(p.keep(t.short().rstrip("！？…!?")) for _ in range(p.rng.randint(4, 30)))
    return title, f"<div{p.c('content', 'poem', 'gushi', 'text')}><h1>{html.escape(title)}</h1><p>{lines}</p>{text(p, 0, 2)}</div>" + p.links()


def sheet(p):
    """A notice with a table, or lists of short lines: subjects of an examination, dates, places."""
    t, rng = p.t, p.rng
    title = t.head() + p.say("公示|通知|一览表|名单|招生简章", " schedule|")
    columns = rng.randint(2, 6)
    kind = rng.choice(["table", "br", "list", "p"])
    cell = lambda: p.keep(rng.choice([t.short(), str(rng.randint(1, 9999)), t.who(), t.when()]))
    if kind == "table":
        rows = p.some(4, 25, lambda: "<tr>" + "".join(f"<td>{cell()}</td>" for _ in range(columns)) + "</tr>")
        lines = f"<table>{rows}</table>"
    else:
        many = [p.keep(f"{i}{p.say('、|.|）', '. ')}{t.short()}") for i in range(1, rng.randint(6, 60))]
        lines = {"br": "<br>".join(many), "list": "<ul><li>" + "</li><li>".join(many) + "</li></ul>", "p": "<p>" + "</p><p>".join(many) + "</p>"}[kind]
    end = f"<p>{p.keep(t.head())}</p><p>{p.keep(t.when())}</p>" if rng.random() < 0.5 else ""
    return title, f"<div{p.c('content', 'zwnr', 'article', 'con', 'detail')}><h1>{html.escape(title)}</h1>{text(p, 0, 2)}{lines}{end}</div>" + (p.links() if rng.random() < 0.4 else "")


def encyclopaedia(p):
    t, rng = p.t, p.rng
    title = t.who() if p.zh else t.head()
    box = f"<table{p.c('infobox', 'basic-info', 'infobox vcard')}>" + p.some(3, 10, lambda: f"<tr><th>{p.keep(t.short()[:5])}</th><td>{p.keep(t.short())}</td></tr>") + "</table>"

    def linked():
        words = t.say(1, 3)
        cut = rng.randint(0, max(len(words) - 6, 0))
        return f"{p.keep(words[:cut])}{p.link(words[cut:cut + 4], True)}{p.keep(words[cut + 4:])}"

    def section():
        inner = "".join(f"<p>{linked()}</p>" for _ in range(rng.randint(0, 3)))
        if rng.random() < 0.6:
            inner += "<ul>" + p.some(2, 15, lambda: f"<li>{p.link(t.short(), True) if rng.random() < 0.5 else p.keep(t.short())}{p.keep('（' + str(rng.randint(1980, 2024)) + '年）') if p.zh else ''}</li>") + "</ul>"
        return f"<h2>{p.keep(t.short()[:8])}<span>[{p.link(p.say('编辑', 'edit'))}]</span></h2>{inner}"

    return title, f"<div{p.c('mw-body', 'main-content', 'wiki')}><h1>{html.escape(title)}</h1>{box}<p>{linked()}</p>" + p.some(2, 6, section) + "</div>"


def shop(p):
    t, rng = p.t, p.rng
    title = t.head()
    price = f"<div{p.c('price', 'p-price')}>{p.keep(('¥' if p.zh else '$') + str(rng.randint(5, 2000)) + '.00')}</div>"
    facts = "".join(f"<li>{p.keep(t.short()[:6] + p.say('：', ': ') + t.short())}</li>" for _ in range(rng.randint(3, 12)))
    button = f"<div{p.c('cart', 'buy')}>{p.say('加入购物车 立即购买|收藏商品', 'Add to cart|Quantity 1 Buy now')}</div>"
    others = "".join(f"<div{p.c('item', 'product-card')}>{p.link(t.short())}<span>{'¥' if p.zh else '$'}{rng.randint(5, 500)}</span></div>" for _ in range(rng.randint(3, 10)))
    return title, (f"<div{p.c('product', 'detail', 'goods')}><h1>{p.keep(title)}</h1>{price}{button}<div{p.c('desc', 'description', 'product-intro')}>{text(p, 1, 3)}</div>"
                   f"<ul{p.c('params', 'spec', 'parameter')}>{facts}</ul></div><div{p.c('related', 'recommend')}><h3>{p.say('看了又看|猜你喜欢', 'You may also like|Related products')}</h3>{others}</div>")


def collection(p):
    """Things for sale or to choose from: the list is what the page is for."""
    t, rng = p.t, p.rng
    title = t.head()

    def item():
        price = f"<span{p.c('price', 'amount')}>{p.keep(('¥' if p.zh else '$') + str(rng.randint(5, 500)))}</span>" if rng.random() < 0.7 else ""
        return f"<div{p.c('product', 'grid-item', 'card', 'goods-item')}><h3>{p.link(t.short(), True)}</h3>{price}" + (
            f"<p>{p.keep(t.say(1, 1))}</p>" if rng.random() < 0.5 else "") + p.say("<button>加入购物车</button>|", "<button>Add to cart</button>|<span>Quick view</span>") + "</div>"

    filters = f"<div{p.c('filter', 'sidebar', 'facets')}>" + p.some(4, 15, lambda: f"<label>{html.escape(t.short()[:8])} ({rng.randint(1, 99)})</label>") + "</div>"
    return title, f"<h1>{p.keep(title)}</h1>" + (text(p, 1, 1) if rng.random() < 0.6 else "") + filters + f"<div{p.c('products', 'grid', 'collection')}>" + p.some(6, 24, item) + "</div>"


def manual(p):
    t, rng = p.t, p.rng
    title = t.head()
    menu = f"<div{p.c('sidebar', 'toc', 'menu')}><ul>" + p.some(8, 40, lambda: f"<li>{p.link(t.short())}</li>") + "</ul></div>"

    def section():
        code = "<pre><code>" + "\n".join(p.keep(f"{rng.choice(['let', 'set', 'x', 'run', '$ zx'])} = call({rng.randint(1, 99)});") for _ in range(rng.randint(1, 6))) + "</code></pre>" if rng.random() < 0.6 else ""
        return f"<h2>{p.keep(t.short())}</h2>{text(p, 1, 3)}{code}" + ("<ul>" + p.some(2, 6, lambda: f"<li>{p.keep(t.short())}</li>") + "</ul>" if rng.random() < 0.5 else "")

    return title, menu + f"<div{p.c('content', 'markdown-body', 'docs', 'document')}><h1>{p.keep(title)}</h1>{text(p, 1, 1)}" + p.some(1, 6, section) + "</div>" + f"<div{p.c('pager', 'next')}>{p.link(p.say('下一节', 'Next'))}</div>"


def landing(p):
    """A service and what it offers, in blocks of a heading and a sentence."""
    t, rng = p.t, p.rng
    title = t.head()
    block = lambda: f"<section{p.c('feature', 'block', 'col')}><h2>{p.keep(t.short())}</h2><p>{p.keep(t.say(1, 2))}</p>{p.link(p.say('了解更多|立即咨询', 'Learn more|Get started'))}</section>"
    faq = "".join(f"<div{p.c('faq', 'accordion')}><h3>{p.keep(t.short())}</h3><p>{p.keep(t.say(1, 3))}</p></div>" for _ in range(rng.randint(0, 5)))
    form = f"<form>{p.say('姓名 电话 留言 提交', 'Name Email Message Send')}</form>"
    return title, f"<div{p.c('hero', 'banner')}><h1>{p.keep(title)}</h1><p>{p.keep(t.say(1, 1))}</p></div>" + p.some(3, 8, block) + faq + form


KINDS = [(thread, 5), (question, 2), (comments, 1), (article, 4), (verse, 1), (sheet, 2), (encyclopaedia, 2), (shop, 1), (collection, 1), (manual, 1), (landing, 1)]


def main():
    sentences, out = sys.argv[1:3]
    pages = int(sys.argv[3]) if len(sys.argv) > 3 else 240
    rng = random.Random(1)
    by_language = {is_chinese: Texts(sentences, rng, is_chinese) for is_chinese in (True, False)}
    Path(out).mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind, times in KINDS for _ in range(times)]
    for i in range(pages):
        make = kinds[i % len(kinds)]
        texts = by_language[rng.random() < 0.75]
        page = Page(texts, rng)
        source = page.whole(*make(page))
        gold = "\n".join(html.unescape(re.sub("<[^>]*>", "", part)) for part in re.findall(f"{OPEN}(.*?){CLOSE}", source, re.S))
        name = f"{out}/in_{make.__name__}-{i}"
        Path(f"{name}.html").write_text(source.replace(OPEN, "").replace(CLOSE, ""), encoding="utf-8")
        Path(f"{name}.gold.txt").write_text(gold + "\n", encoding="utf-8")


main()
