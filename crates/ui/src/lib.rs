//! Page components of Clientele: functions from plain data to HTML, with the style sheet, scripts, icons and fonts they need.
//!
//! Nothing here knows a database, a route or an object. A caller hands over strings that are already translated and
//! formatted, and addresses it chose; every component renders real links and forms, which the scripts only enhance.
//! Everything is escaped; this is the only crate that may write raw HTML, and it does so for icons alone.
//!
//! Components take a [`View`] first: the words of the interface in the reader's language, the CSRF token and the theme.

mod asset;
mod avatar;
mod board;
mod button;
mod cell;
pub mod chart;
mod choose;
mod compound;
mod evidence;
mod feedback;
mod field;
mod filter;
mod form;
mod golden;
mod graph;
mod history;
mod icon;
mod import;
mod input;
mod overlay;
mod page;
mod panel;
mod record;
mod shell;
mod sign_in;
mod standalone;
mod table;
mod tag;
mod timeline;
mod toolbar;
mod view;
mod words;

pub use asset::{Asset, asset_url, assets};
pub use avatar::{Avatar, AvatarSize, avatar, hue_of, initials};
pub use board::{Activity, Board, Card, Lane, board, card};
pub use button::{Action, ActionKind, Method, action, button_bar, icon_link};
pub use cell::{Cell, CellEdit, cell, cell_edit};
pub use choose::{
    Choice, ComboboxOption, Reference, boolean, choice, combobox_options, files, multi_choice, polymorphic,
    rating_input, reference, references, tags_input,
};
pub use compound::{
    Address, Country, Entry, LocationInput, MoneyInput, PersonName, emails, links, location, money, person_name,
    phones, postal_address,
};
pub use evidence::{Bar, Compared, Comparison, Side, Waterfall, comparison, waterfall};
pub use feedback::{
    Banner, Empty, Progress, Tone, banner, empty, live_progress, progress, skeleton, toast, toast_region,
};
pub use field::{Control, Field, field};
pub use filter::{Condition, FilterBuilder, FilterGroup, Join, condition_row, filter_builder, filter_conditions};
pub use form::{Conflict, ConflictRow, Form, FormSection, Problem, conflict_panel, form, problems};
pub use golden::{Candidate, Golden, golden};
pub use graph::{Edge, Graph, Node, Tie, graph};
pub use history::{Change, HistoryRow, diff, history_table};
pub use icon::{Icon, icon};
pub use import::{
    Mapping, MappingOption, PreviewRow, Step, StepState, Upload, import_mapping, import_preview, import_run,
    import_upload, steps,
};
pub use input::{Moment, Text, code_input, date, date_time, duration, long_text, number, read_only, text};
pub use overlay::{
    Dialog, Menu, MenuEntry, Palette, PaletteHit, confirm, dialog, drawer, menu, palette_hits, shortcut_map,
};
pub use page::{CONTENT_SECURITY_POLICY, Page, fragment, page, page_body};
pub use panel::{Crumb, KeyValue, Tab, Tile, breadcrumb, code_block, key_values, pager, panel, tabs, tiles};
pub use record::{
    Property, PropertyGroup, RecordHeader, RecordLayout, Related, RelatedItem, Stage, properties, record_header,
    record_page, record_wide, related, stage_path,
};
pub use shell::{NavGroup, NavItem, PageHeader, Shell, shell};
pub use sign_in::{SignIn, sign_in};
pub use standalone::standalone;
pub use table::{Calculation, Column, Footer, Row, Sort, Table, rows, table};
pub use tag::{Hue, Tag, dot, tag};
pub use timeline::{Composer, ComposerTab, TimelineEntry, composer, timeline, timeline_entries};
pub use toolbar::{Bulk, Chip, Layout, Toolbar, ViewLink, columns_chooser, selection_bar, toolbar};
pub use view::{Theme, View};
pub use words::Words;
