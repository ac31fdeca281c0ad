//! An answer with all data of its page: its history, its case, and other answers of the same order or customer.

use jiff::Timestamp;

use crate::{
    access::Role,
    locales::{self, Locale},
    mail,
    state::Shared,
    store::{
        Account, AnswerHistory, Owner, StoreError, Stored,
        answer_pages::SecondRating,
        cases::{Case, Event},
        replies::{Reply, Way},
        templates::Template,
    },
    themes::Correction,
};

/// An answer with all data of its page.
pub(crate) struct AnswerDetails {
    pub(crate) answer: Stored,
    pub(crate) past: AnswerHistory,
    /// The corrections of its themes.
    pub(crate) corrections: Vec<Correction>,
    /// What is quoted of it.
    pub(crate) quote: Option<String>,
    /// What the customer rated later, on the answer page; earliest first.
    pub(crate) ratings: Vec<SecondRating>,
    /// The other answers of its order, then of its customer, each once, with their cases.
    pub(crate) others: Vec<(Stored, Case)>,
    pub(crate) case: Case,
    /// The events of its case, oldest first.
    pub(crate) events: Vec<Event>,
    /// The colleagues whom the case can be given to.
    pub(crate) colleagues: Vec<Account>,
    /// The replies to it, oldest first.
    pub(crate) replies: Vec<Reply>,
    /// The templates of replies, those in the customer's language first.
    pub(crate) templates: Vec<Template>,
    /// Whether the customer has a page that shows replies.
    has_answer_page: bool,
    /// Whether the shop has a mail server.
    has_mail_server: bool,
}

impl AnswerDetails {
    /// The answer with this public id; `None` if there is none.
    pub(crate) async fn of(shared: &Shared, id: &str) -> Result<Option<Self>, StoreError> {
        let Some(answer) = shared.store.answer(id).await? else { return Ok(None) };
        let others = others(shared, &answer).await?;
        let ids = others.iter().map(|other| other.response.id.clone()).collect();
        let cases = shared.store.cases(ids).await?;
        let templates = templates(shared, &answer.response.locale).await?;
        let past = shared.store.past_of(vec![answer.response.id.clone()]).await?.pop();
        let (case, events) = shared.store.case(id).await?.unwrap_or_default();
        Ok(Some(Self {
            answer,
            past: past.unwrap_or_default(),
            corrections: shared.store.corrections_of(id).await?,
            quote: shared.store.quote_of(id).await?,
            ratings: shared.store.second_ratings(id).await?,
            others: others.into_iter().zip(cases).collect(),
            case,
            events,
            colleagues: colleagues(shared).await?,
            replies: shared.store.replies(id).await?,
            templates,
            has_answer_page: shared.store.has_answer_page(id, Timestamp::now()).await?,
            has_mail_server: shared.post.mailer().is_some(),
        }))
    }

    /// Whether a reply can go this way.
    pub(crate) fn offers(&self, way: Way) -> bool {
        match way {
            Way::Page => self.has_answer_page,
            Way::Mail => self.has_mail_server && self.mail_address().is_some(),
            Way::Elsewhere => true,
        }
    }

    /// The customer's contact, if it is the address of a mailbox. Only people who may reply see it.
    pub(crate) fn mail_address(&self) -> Option<&str> {
        let contact = self.answer.response.contact.as_deref().map(str::trim);
        contact.filter(|contact| mail::is_address(contact))
    }

    /// The language that the customer is written to.
    pub(crate) fn customer_locale(&self) -> &'static Locale {
        locales::best([self.answer.response.locale.as_str()])
    }
}

/// The colleagues who work with answers.
pub(crate) async fn colleagues(shared: &Shared) -> Result<Vec<Account>, StoreError> {
    let accounts = shared.store.accounts().await?;
    Ok(accounts.into_iter().filter(|account| account.role >= Role::Member).collect())
}

/// The templates, those in the language of a locale first.
async fn templates(shared: &Shared, locale: &str) -> Result<Vec<Template>, StoreError> {
    let mut templates = shared.store.templates().await?;
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let theirs = primary(locale);
    // The sort is stable.
    templates.sort_by_key(|template| primary(&template.text.language) != theirs);
    Ok(templates)
}

/// The other answers of its order, then of its customer, each once.
async fn others(shared: &Shared, answer: &Stored) -> Result<Vec<Stored>, StoreError> {
    let response = &answer.response;
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    let customer = response.customer.as_ref().and_then(|customer| customer.id.as_deref());
    let mut others: Vec<Stored> = Vec::new();
    for (owner, number) in [(Owner::Order, order), (Owner::Customer, customer)] {
        let Some(number) = number else { continue };
        for other in shared.store.answers_of(owner, number).await? {
            let id = &other.response.id;
            if *id != response.id && others.iter().all(|known| known.response.id != *id) {
                others.push(other);
            }
        }
    }
    Ok(others)
}
