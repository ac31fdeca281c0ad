//! A shop's page that is itself a Yew app, and places the survey inside its own markup.
//!
//! Two Yew apps on one page must not hear one another's events. This one counts every click, key,
//! change and submission that reaches it, and shows the counts for the test to read.

use yew::prelude::*;

#[component]
fn Page() -> Html {
    let (clicks, changes, submits) = (use_state(|| 0), use_state(|| 0), use_state(|| 0));
    let count = |state: &UseStateHandle<i32>| {
        let state = state.clone();
        move || state.set(*state + 1)
    };
    let (clicked, changed, submitted) = (count(&clicks), count(&changes), count(&submits));
    html! {
        <main
            onclick={move |_| clicked()}
            onchange={move |_| changed()}
            onsubmit={move |_| submitted()}
        >
            <h1>{"A shop made with Yew"}</h1>
            <button id="own">{"Count"}</button>
            <p id="clicks">{*clicks}</p>
            <p id="changes">{*changes}</p>
            <p id="submits">{*submits}</p>
            <afterword-survey data-survey="yew" data-subject="Yew shop" />
        </main>
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
