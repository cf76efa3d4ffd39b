use maud::{Markup, html};

use crate::overlay::{menu_entry, palette};
use crate::{
    Action, Avatar, AvatarSize, Crumb, Icon, MenuEntry, Palette, Theme, View, avatar, breadcrumb, icon, shortcut_map,
    toast_region,
};

/// A link of the sidebar.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Its icon; a record's mark is its initials when there is none.
    pub icon: Option<Icon>,
    /// The page in sight.
    pub current: bool,
    /// A count beside it.
    pub count: Option<String>,
    /// The letter that goes there after `G`.
    pub letter: Option<char>,
}

/// Links of the sidebar under a heading: an app with its objects.
#[derive(Clone, Debug, Default)]
pub struct NavGroup {
    /// The heading.
    pub label: String,
    /// The links.
    pub items: Vec<NavItem>,
}

/// The line at the top of a page.
#[derive(Clone, Debug, Default)]
pub struct PageHeader {
    /// The way here, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// The page's heading.
    pub title: String,
    /// Icon of the object the page shows.
    pub icon: Option<Icon>,
    /// Actions on the right; the last may be primary.
    pub actions: Vec<Action>,
    /// Names of colleagues who look at the same record.
    pub presence: Vec<Avatar>,
}

/// Everything around the content of a page.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// The workspace's name.
    pub workspace: String,
    /// Where its name leads, usually home.
    pub home: String,
    /// The search dialog.
    pub palette: Palette,
    /// Notifications: their page and how many are unread.
    pub notifications: Option<(String, Option<String>)>,
    /// Pinned records and views.
    pub favourites: Vec<NavItem>,
    /// Apps with their objects.
    pub groups: Vec<NavGroup>,
    /// The bottom bar of a phone: four links, to which the menu is added.
    pub phone: Vec<NavItem>,
    /// The settings page, at the foot of the sidebar.
    pub settings: Option<NavItem>,
    /// The signed-in user.
    pub user: Avatar,
    /// The user's e-mail or role.
    pub user_detail: String,
    /// More lines of the user's menu.
    pub user_entries: Vec<MenuEntry>,
    /// What a changed `theme` or `lang` is posted to.
    pub preferences: String,
    /// What signing out posts to.
    pub sign_out: String,
    /// Languages to choose from: tag and own name.
    pub languages: Vec<(String, String)>,
    /// A stream of server-sent events that keeps the page up to date. A message without name is a fragment whose elements say
    /// by `hx-swap-oob` what they replace; a named one becomes a DOM event.
    pub live: Option<String>,
    /// The line at the top of the page.
    pub header: PageHeader,
}

/// Draws a page's content inside sidebar, header and phone bar.
pub fn shell(view: &View, shell: &Shell, content: Markup) -> Markup {
    let words = view.words;
    html! {
        div.app {
            (sidebar(view, shell))
            div.page {
                (header(view, &shell.header))
                main #main.content tabindex="-1" { (content) }
            }
            nav.phone-bar aria-label=(words.menu) {
                @for item in shell.phone.iter().take(4) {
                    @let current = item.current.then_some("page");
                    a href=(item.href) aria-current=[current] {
                        @if let Some(each) = item.icon { (icon(each)) }
                        span { (item.label) }
                    }
                }
                button type="button" popovertarget="sidebar" { (icon(Icon::Menu)) span { (words.menu) } }
            }
        }
        (palette(view, &shell.palette))
        (shortcut_map(view, &letters(shell)))
        div #overlay {}
        @if let Some(stream) = &shell.live { div hidden hx-sse:connect=(stream) hx-swap="none" {} }
        (toast_region(view))
    }
}

fn letters(shell: &Shell) -> Vec<(char, String)> {
    shell
        .groups
        .iter()
        .flat_map(|group| &group.items)
        .filter_map(|item| Some((item.letter?, item.label.clone())))
        .collect()
}

fn sidebar(view: &View, shell: &Shell) -> Markup {
    let words = view.words;
    html! {
        nav #sidebar.sidebar popover aria-label=(words.navigation) {
            div.sidebar-head {
                a.workspace href=(shell.home) {
                    (avatar(&Avatar::thing(&shell.workspace), AvatarSize::Small))
                    span { (shell.workspace) }
                }
                button.icon-button.collapse type="button" data-collapse aria-label=(words.collapse_sidebar)
                    title={ (words.collapse_sidebar) " ([)" } { (icon(Icon::PanelLeft)) }
            }
            a.search-button href=(shell.palette.page) data-palette-open title=(words.search) {
                (icon(Icon::Search)) span { (words.search) } kbd { "/" }
            }
            div.side-nav {
                @if let Some((href, count)) = &shell.notifications {
                    (nav_list(&[NavItem {
                        label: words.notifications.clone(),
                        href: href.clone(),
                        icon: Some(Icon::Bell),
                        count: count.clone(),
                        ..NavItem::default()
                    }]))
                }
                @if !shell.favourites.is_empty() {
                    p.nav-heading { (words.favourites) }
                    (nav_list(&shell.favourites))
                }
                @for group in &shell.groups {
                    p.nav-heading { (group.label) }
                    (nav_list(&group.items))
                }
            }
            div.sidebar-foot {
                @if let Some(item) = &shell.settings { (nav_list(std::slice::from_ref(item))) }
                (user_menu(view, shell))
            }
        }
    }
}

fn nav_list(items: &[NavItem]) -> Markup {
    html! {
        ul { @for item in items {
            @let current = item.current.then_some("page");
            li { a.nav-item href=(item.href) aria-current=[current] data-goto=[item.letter] title=(item.label) {
                @match item.icon {
                    Some(each) => (icon(each)),
                    None => (avatar(&Avatar::person(&item.label), AvatarSize::Small)),
                }
                span.nav-label { (item.label) }
                @if let Some(count) = &item.count { span.badge { (count) } }
            } }
        } }
    }
}

fn user_menu(view: &View, shell: &Shell) -> Markup {
    let words = view.words;
    html! {
        button.user-button type="button" popovertarget="user-menu" {
            (avatar(&shell.user, AvatarSize::Medium))
            span.visually-hidden { (words.account_menu) ": " }
            span.user-name { strong { (shell.user.name) } span.muted { (shell.user_detail) } }
            (icon(Icon::ChevronsUpDown))
        }
        div #user-menu.menu.user-menu popover {
            @for entry in &shell.user_entries { (menu_entry(view, entry)) }
            form.preferences method="post" action=(shell.preferences) data-preferences {
                (view.csrf_field())
                p.menu-heading { (words.theme) }
                div.segmented {
                    @for (theme, label, symbol) in [
                        (Theme::System, &words.theme_system, Icon::Monitor),
                        (Theme::Light, &words.theme_light, Icon::Sun),
                        (Theme::Dark, &words.theme_dark, Icon::Moon),
                    ] {
                        button name="theme" value=(theme.name()) aria-pressed=((view.theme == theme).to_string()) {
                            (icon(symbol)) span { (label) }
                        }
                    }
                }
                p.menu-heading { (words.language) }
                div.segmented {
                    @for (tag, name) in &shell.languages {
                        button name="lang" value=(tag) lang=(tag) aria-pressed=((tag == view.lang).to_string()) { (name) }
                    }
                }
            }
            hr;
            button.menu-entry type="button" data-shortcuts { (icon(Icon::Keyboard)) span { (words.shortcuts) } kbd { "?" } }
            form.inline method="post" action=(shell.sign_out) {
                (view.csrf_field())
                button.menu-entry { (icon(Icon::LogOut)) span { (words.sign_out) } }
            }
        }
    }
}

fn header(view: &View, header: &PageHeader) -> Markup {
    html! {
        header.page-head {
            div.page-title {
                @if !header.crumbs.is_empty() { (breadcrumb(view, &header.crumbs)) }
                h1 {
                    @if let Some(each) = header.icon { (icon(each)) }
                    span { (header.title) }
                }
            }
            @if !header.presence.is_empty() {
                ul.presence aria-label=(view.words.presence) {
                    @for who in &header.presence {
                        li title=(who.name) { (avatar(who, AvatarSize::Small)) span.visually-hidden { (who.name) } }
                    }
                }
            }
            @if !header.actions.is_empty() { (crate::button_bar(view, &header.actions)) }
        }
    }
}
