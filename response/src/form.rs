//! A response as a form, for `data-format="form"`: the same fields flat, with dotted names (`order.id`,
//! `properties.coupon`), lists joined with commas or as JSON.

use crate::Response;

impl Response {
    /// The response as an ordinary form's fields, in the contract's order.
    ///
    /// Absent fields are left out. A list's items stand between commas; where an item has a comma itself,
    /// or the first begins with `[`, the list is a JSON array.
    #[must_use]
    pub fn to_form(&self) -> Vec<(String, String)> {
        let mut form = Fields(Vec::with_capacity(32));
        form.number("version", self.version);
        form.text("id", &self.id);
        form.number("revision", self.revision);
        form.flag("complete", self.complete);
        if let Some(test) = self.test {
            form.flag("test", test);
        }
        form.text("survey", &self.survey);
        form.text("touchpoint", self.touchpoint.name());
        form.number("score", u32::from(self.score));
        form.maybe("comment", self.comment.as_ref());
        form.list("reasons", &self.reasons);
        if let Some(quotable) = self.quotable {
            form.flag("quotable", quotable);
        }
        form.maybe("quote_name", self.quote_name.as_ref());
        form.maybe("contact", self.contact.as_ref());
        form.maybe("answer_page", self.answer_page.as_ref());
        form.text("shown_at", &self.shown_at);
        form.text("scored_at", &self.scored_at);
        form.text("sent_at", &self.sent_at);
        form.text("page", &self.page);
        form.text("locale", &self.locale);
        form.text("method.question", &self.method.question);
        form.text("method.low_label", &self.method.low_label);
        form.text("method.high_label", &self.method.high_label);
        if let Some(layout) = self.method.layout {
            form.text("method.layout", layout.name());
        }
        if let Some(mode) = self.method.mode {
            form.text("method.mode", mode.name());
        }
        form.text("method.release", &self.method.release);
        form.maybe("method.contact_text", self.method.contact_text.as_ref());
        form.maybe("method.quote_text", self.method.quote_text.as_ref());
        if let Some(order) = &self.order {
            form.maybe("order.id", order.id.as_ref());
            form.maybe("order.value", order.value.as_ref());
            form.maybe("order.currency", order.currency.as_ref());
            form.maybe("order.country", order.country.as_ref());
            form.list("order.products", &order.products);
            form.maybe("order.signature", order.signature.as_ref());
        }
        if let Some(customer) = &self.customer {
            form.maybe("customer.id", customer.id.as_ref());
            if let Some(kind) = customer.kind {
                form.text("customer.kind", kind.name());
            }
        }
        for (name, value) in &self.properties {
            let mut field = String::from("properties.");
            field.push_str(name);
            form.0.push((field, value.clone()));
        }
        form.list("tags", &self.tags);
        if let Some(is_shown) = self.review_link {
            form.flag("review_link", is_shown);
        }
        form.0
    }
}

/// Collects fields.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn text(&mut self, name: &str, value: &str) {
        self.0.push((name.into(), value.into()));
    }

    fn maybe(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.text(name, if value { "true" } else { "false" });
    }

    fn number(&mut self, name: &str, value: u32) {
        self.0.push((name.into(), value.to_string()));
    }

    fn list(&mut self, name: &str, items: &[String]) {
        if !items.is_empty() {
            let mut value = items.join(",");
            if value.starts_with('[') || items.iter().any(|item| item.contains(',')) {
                value = serde_json::Value::from(items).to_string();
            }
            self.0.push((name.into(), value));
        }
    }
}
