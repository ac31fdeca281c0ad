//! Templates of replies.

/// The largest number of templates.
pub(crate) const MAX_TEMPLATES: u32 = 100;
/// The largest number of characters of a template's name.
pub(crate) const MAX_TEMPLATE_NAME_LENGTH: usize = 80;

/// A text that a reply can begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) template: i64,
    pub(crate) text: TemplateText,
}

/// What a colleague writes of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TemplateText {
    pub(crate) name: String,
    /// The tag of a language that customers are asked in, such as `de`.
    pub(crate) language: String,
    /// At most [`MAX_REPLY_LENGTH`](super::replies::MAX_REPLY_LENGTH) characters.
    pub(crate) words: String,
}
