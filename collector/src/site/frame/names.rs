//! What the field's words are called on pages: touchpoints, segments and roles.

use afterword_response::{Segment, Touchpoint};

use crate::{access::Role, language::Language, words::words};

words! {
    /// The names in one language.
    pub(crate) struct Names {
        visit: "Visit", "Besuch";
        order: "Order", "Bestellung";
        delivery: "Delivery", "Lieferung";
        support: "Support", "Kundendienst";
        r#return: "Return", "Rückgabe";

        detractor: "Detractor", "Kritisch";
        passive: "Passive", "Neutral";
        promoter: "Promoter", "Begeistert";

        reader: "Read-only", "Nur lesen";
        member: "Member", "Mitarbeit";
        admin: "Admin", "Verwaltung";
    }
}

impl Names {
    pub(crate) const fn touchpoint(&self, touchpoint: Touchpoint) -> &'static str {
        match touchpoint {
            Touchpoint::Visit => self.visit,
            Touchpoint::Order => self.order,
            Touchpoint::Delivery => self.delivery,
            Touchpoint::Support => self.support,
            Touchpoint::Return => self.r#return,
        }
    }

    pub(crate) const fn segment(&self, segment: Segment) -> &'static str {
        match segment {
            Segment::Detractor => self.detractor,
            Segment::Passive => self.passive,
            Segment::Promoter => self.promoter,
        }
    }
}

/// A role as people call it.
pub(crate) const fn role_name(role: Role, language: Language) -> &'static str {
    let names = Names::of(language);
    match role {
        Role::Reader => names.reader,
        Role::Member => names.member,
        Role::Admin => names.admin,
    }
}
