//! Stems of what stands around articles, in both scripts and in English, by what they are for.
//!
//! A stem alone decides nothing: the share of a line that its stems take up is one feature among others.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::page::Page;

/// Groups of stems, each with its name in the list of features.
pub(super) const GROUPS: [(&str, &str); 8] = [
    (
        "legal",
        "版权所有 版權所有 版权归 版權歸 著作权 著作權 备案 備案 公网安备 许可证 許可證 copyright © all_rights_reserved 未经授权 \
         未經授權 违法和不良 不良信息 举报电话 举报邮箱 技术支持 主办单位 主辦單位 承办单位 网站标识码 免责声明 免責聲明 隐私 隱私 \
         服务条款 服務條款 使用条款 网站声明 法律声明 广告服务 联系我们 聯絡我們 关于我们 關於我們 友情链接 网站建设 邮编 privacy_policy \
         terms_of terms_& cookie ltd. inc. 营业执照 经营许可",
    ),
    (
        "navigation",
        "首页 首頁 当前位置 您的位置 所在位置 您现在 返回 上一篇 下一篇 上一页 下一页 上一頁 下一頁 上一章 下一章 尾页 网站地图 \
         设为首页 加入收藏 登录 登入 注册 註冊 搜索 搜尋 查看更多 导航 導航 目录 频道 栏目 专题 home sign_up log_in sign_in menu \
         skip_to next previous search 返回顶部 返回搜狐 关闭 展开 收起 全部 手机版",
    ),
    (
        "share",
        "分享 扫一扫 扫码 掃描 二维码 微信 微博 朋友圈 qq空间 公众号 客户端 app 下载 下載 打印 列印 字号 字體 纠错 收藏 点赞 按讚 举报 \
         檢舉 关注 追蹤 订阅 訂閱 长按 转发 share facebook twitter pinterest whatsapp linkedin email print subscribe newsletter \
         follow_us download like",
    ),
    (
        "related",
        "相关阅读 相关新闻 相关文章 相关推荐 相关链接 推荐阅读 延伸阅读 延伸閱讀 热门 熱門 排行 猜你喜欢 更多精彩 为你推荐 為你推薦 相關 \
         精彩推荐 热点 热搜 最新 你可能 大家都在 看了又看 精选 阅读原文 更多>> related read_more more_from you_may \
         recommended trending most_popular latest see_also sponsored 点击 进入 往期 本周 top_stories",
    ),
    (
        "credit",
        "来源: 来源： 來源： 来源 作者: 作者： 记者 記者 发布时间 发布日期 發布 發佈 发表于 \
         发表日期 浏览 瀏覽 阅读 閱讀 点击数 次数 更新时间 时间: 时间： 日期： 日期: 稿源 供稿 摄影 source: by \
         published updated posted_on photo: 文/ 图/ 撰文",
    ),
    (
        "editor",
        "责任编辑 責任編輯 责编 責編 编辑: 编辑： 編輯： 編輯: 校对 审核 编审 监制 初审 复审 终审 值班 责任校对 主编： 编辑作者",
    ),
    (
        "comment",
        "评论 評論 留言 网友 網友 回复 回覆 回帖 跟帖 楼主 樓主 发帖 沙发 签名 积分 等级 用户名 密码 验证码 登录后 comment reply \
         leave_a says: respond 发言 匿名 精华 帖子 注册时间",
    ),
    (
        "disclaimer",
        "仅代表 僅代表 不代表 本网 本站 本平台 声明： 声明: 侵权 侵權 立场 观点 投稿 转载 轉載 注明出处 如有 删除 仅供参考 僅供參考 \
         版权 自行承担 概不负责 真实性 免责 信息网络传播 联系本 特别声明 平台声明 该文观点 以上内容 本文由 信息存储空间 信息发布平台 仅提供信息 the_content_above the_opinions this_article_is the_views_expressed",
    ),
];

/// Index of the stems of discussions, which say nothing where these are the text.
pub(super) const COMMENT: usize = 6;

static STEMS: LazyLock<Option<(AhoCorasick, Vec<u8>)>> = LazyLock::new(|| {
    let mut stems = Vec::new();
    let mut group_of = Vec::new();
    for (group, (_, words)) in (0..).zip(&GROUPS) {
        for word in words.split_ascii_whitespace() {
            stems.push(word.replace('_', " "));
            group_of.push(group);
        }
    }
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(stems)
        .ok()?;
    Some((automaton, group_of))
});

/// Bytes of each line of `page` that the stems of each group take up.
pub(super) fn count(page: &Page) -> Vec<[u16; GROUPS.len()]> {
    let mut counts = vec![[0_u16; GROUPS.len()]; page.lines.len()];
    let Some((automaton, group_of)) = &*STEMS else { return counts };
    let mut line = 0;
    for found in automaton.find_iter(&page.text) {
        while page.lines.get(line).is_some_and(|line| line.end as usize <= found.start()) {
            line += 1;
        }
        let group = group_of.get(found.pattern().as_usize()).copied().unwrap_or_default();
        if let Some(count) = counts.get_mut(line).and_then(|groups| groups.get_mut(usize::from(group))) {
            *count = count.saturating_add(u16::try_from(found.len()).unwrap_or(u16::MAX));
        }
    }
    counts
}
