//! What the field's words are called on pages: touchpoints, segments and roles.

use afterword_response::{Segment, Touchpoint};
use afterword_themes::Theme;

use crate::{access::Role, language::Language, words::words};

words! {
    /// The names in one language.
    pub(crate) struct Names {
        visit: "Visit", "Besuch";
        order: "Order", "Bestellung";
        delivery: "Delivery", "Lieferung";
        support: "Support", "Kundenservice";
        r#return: "Return", "Rückgabe";

        detractor: "Detractor", "Kritisch";
        passive: "Passive", "Neutral";
        promoter: "Promoter", "Begeistert";

        delivery_time: "Delivery", "Lieferung";
        delivery_damage: "Damaged or wrong", "Beschädigt oder falsch";
        packaging: "Packaging", "Verpackung";
        product_quality: "Product quality", "Produktqualität";
        price: "Price", "Preis";
        selection: "Selection", "Auswahl";
        website_usability: "Website", "Website";
        checkout_payment: "Ordering and paying", "Bestellen und Bezahlen";
        customer_service: "Customer service", "Kundenservice";
        returns_refund: "Returns and refunds", "Rückgabe und Erstattung";
        product_information: "Product information", "Produktangaben";
        sustainability: "Sustainability", "Nachhaltigkeit";

        excluded: "taken out", "herausgenommen";
        test: "test", "Test";
        repeated: "the order was answered again later", "später zur selben Bestellung neu geantwortet";
        flagged: "implausible", "unplausibel";
        one_network: "many from one network", "viele aus einem Netz";
        flood: "far more at once than usual", "weit mehr auf einmal als üblich";
        same_text: "the same words as others", "dieselben Worte wie andere";
        too_fast: "tapped sooner than anybody can", "schneller getippt, als man kann";
        no_display: "the question was never shown", "die Frage wurde nie gezeigt";

        by_delivery: "Delivery", "Lieferung";
        by_price: "Price", "Preis";
        by_quality: "Quality", "Qualität";
        by_service: "Service", "Service";
        by_selection: "Selection", "Auswahl";
        by_checkout: "Checkout", "Bestellvorgang";
        by_packaging: "Packaging", "Verpackung";
        by_website: "Website", "Website";

        reader: "Read-only", "Nur lesen";
        member: "Member", "Mitarbeit";
        admin: "Admin", "Admin";
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

    pub(crate) const fn theme(&self, theme: Theme) -> &'static str {
        match theme {
            Theme::DeliveryTime => self.delivery_time,
            Theme::DeliveryDamage => self.delivery_damage,
            Theme::Packaging => self.packaging,
            Theme::ProductQuality => self.product_quality,
            Theme::Price => self.price,
            Theme::Selection => self.selection,
            Theme::WebsiteUsability => self.website_usability,
            Theme::CheckoutPayment => self.checkout_payment,
            Theme::CustomerService => self.customer_service,
            Theme::ReturnsRefund => self.returns_refund,
            Theme::ProductInformation => self.product_information,
            Theme::Sustainability => self.sustainability,
        }
    }

    pub(crate) const fn segment(&self, segment: Segment) -> &'static str {
        match segment {
            Segment::Detractor => self.detractor,
            Segment::Passive => self.passive,
            Segment::Promoter => self.promoter,
        }
    }

    /// A reason by its id, where it is one of the usual ones; a shop's own are shown as it wrote them.
    pub(crate) fn reason(&self, id: &str) -> Option<&'static str> {
        Some(match id {
            "delivery" => self.by_delivery,
            "price" => self.by_price,
            "quality" => self.by_quality,
            "service" | "support" => self.by_service,
            "selection" => self.by_selection,
            "checkout" => self.by_checkout,
            "packaging" => self.by_packaging,
            "website" => self.by_website,
            _ => return None,
        })
    }

    /// Why an answer is not counted, by the name in `crate::aside`.
    pub(crate) fn aside(&self, name: &str) -> &'static str {
        match name {
            "excluded" => self.excluded,
            "test" => self.test,
            "repeated" => self.repeated,
            "one-network" => self.one_network,
            "flood" => self.flood,
            "same-text" => self.same_text,
            "too-fast" => self.too_fast,
            "no-display" => self.no_display,
            _ => self.flagged,
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
