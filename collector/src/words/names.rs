//! The names on pages and in alerts of touchpoints, segments, roles and other terms of the field.

use afterword_response::{Segment, Touchpoint};

use crate::{
    access::Role,
    language::Language,
    themes::{Taxonomy, Theme},
    words::words,
};

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
        too_fast: "tapped sooner than anybody can", "schneller angetippt, als ein Mensch es kann";
        no_display: "the question was never shown", "die Frage wurde nie gezeigt";

        by_delivery: "Delivery", "Lieferung";
        by_price: "Price", "Preis";
        by_quality: "Quality", "Qualität";
        by_service: "Service", "Service";
        by_selection: "Selection", "Auswahl";
        by_checkout: "Checkout", "Bestellvorgang";
        by_packaging: "Packaging", "Verpackung";
        by_website: "Website", "Website";

        coupon: "Coupon", "Gutschein";
        carrier: "Carrier", "Paketdienst";
        device: "Device", "Gerät";
        payment: "Payment", "Zahlungsart";
        shipping: "Shipping", "Versandart";

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

    /// A theme as the shop calls it, or else by its usual name.
    pub(crate) fn theme<'a>(&self, theme: Theme, taxonomy: &'a Taxonomy) -> &'a str {
        taxonomy.name(theme).unwrap_or_else(|| self.usual_theme(theme))
    }

    /// The usual name of a theme. Those of the shop's own have none but their ids.
    pub(crate) const fn usual_theme(&self, theme: Theme) -> &'static str {
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
            Theme::Own(_) => theme.id(),
        }
    }

    pub(crate) const fn segment(&self, segment: Segment) -> &'static str {
        match segment {
            Segment::Detractor => self.detractor,
            Segment::Passive => self.passive,
            Segment::Promoter => self.promoter,
        }
    }

    /// The name of a reason by its id, if it is one of the usual ones. A shop's own reasons are shown as the shop wrote them.
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

    /// The name of a property, given without `prop-`. Properties that many shops have are translated; others have the shop's
    /// name, written as words.
    pub(crate) fn property(&self, name: &str) -> String {
        match name {
            "coupon" => self.coupon.to_owned(),
            "carrier" => self.carrier.to_owned(),
            "device" => self.device.to_owned(),
            "payment" => self.payment.to_owned(),
            "shipping" => self.shipping.to_owned(),
            _ => spoken(name),
        }
    }

    /// The reason why an answer is not counted, by its name in `crate::aside`.
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

/// The name of a role.
pub(crate) const fn role_name(role: Role, language: Language) -> &'static str {
    let names = Names::of(language);
    match role {
        Role::Reader => names.reader,
        Role::Member => names.member,
        Role::Admin => names.admin,
    }
}

/// A property's name, written as words: `Gift wrap` for `gift-wrap`.
fn spoken(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    let joined = words.join(" ");
    let mut letters = joined.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        // A name without letters stays as it is.
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_property_becomes_words() {
        for (name, expected) in [
            ("coupon", "Coupon"),
            ("gift-wrap", "Gift wrap"),
            ("utm_source", "Utm source"),
            ("Filiale.Ort", "Filiale Ort"),
            ("--", "--"),
        ] {
            assert_eq!(Names::of(Language::English).property(name), expected, "{name}");
        }
    }
}
