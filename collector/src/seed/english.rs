//! The English comments of the demo shop's customers. [`super::words`] describes the form of a line.

use super::happened::Event;

pub(super) const SHORT_GLAD: &[&str] = &[
    "{Great|Perfect|Excellent|Lovely|Brilliant|Fantastic|Superb|Spot on|Really good|Faultless|Wonderful}",
    "{Great|Lovely|Wonderful|Fantastic|Really nice} {shop|little shop|store|company|products}{|, will be back|, thank you|, well done}",
    "{Would|Will|Will definitely|Would happily} {buy|order|shop} {again|here again|from you again}",
    "{Very|Really|More than|Extremely|So} {happy|pleased|satisfied}{| with everything| with my order| with the service}",
    "{All|Everything} {perfect|good|great|as it should be|went smoothly|spot on|just right}{|, thanks|, as always}",
    "{Thank you|Thanks|Many thanks|Thanks a lot}{| so much| to the team| for everything|, keep it up}",
    "{Highly|Would definitely|Can only|Happy to} recommend{| to anyone with a balcony| it| you}",
    "{No|Not a single|Absolutely no} {complaints|complaint}",
    "{Love|Absolutely love|Really love} {it|$the|your stuff|this shop}",
    "{Keep it up|Keep up the good work|Don't change a thing}",
    "{Easy|Quick|Smooth|Simple} and {reliable|friendly|hassle-free|well packed|pleasant}",
];

pub(super) const SHORT_MIDDLING: &[&str] = &[
    "{Ok|Okay|Fine|Not bad|Decent|Alright|It's ok|Average|All right I guess}",
    "{Good but|Nice but|Fine but|Lovely but} {pricey|a bit slow|expensive|nothing special|room for improvement}",
    "{Too early to say|Can't say much yet|Haven't used it much yet}",
    "{Does|It does|$The does} {the job|what it says|what it should}",
    "{Room for improvement|Could be better|Could be a bit quicker|Neither good nor bad}",
];

pub(super) const SHORT_CROSS: &[&str] = &[
    "{Disappointing|Poor|Terrible|Never again|Not good enough|Awful|Rubbish|Unacceptable|Frustrating}",
    "{Very|Really|Extremely|Bitterly} {disappointed|annoyed|unhappy|frustrated}",
    "{Expected|I expected|We expected} {better|more|a lot more}{| for the price| from you|}",
    "{Won't|Will not|Would not} {order|buy|shop} {again|here again|from you again}",
    "{Nothing but trouble|More trouble than it was worth|What a mess|Must do better}",
];

pub(super) const BEGIN_GLAD: &[&str] = &[
    "{I'm|We are|I am} {really|very|so|absolutely} {happy|pleased|impressed}",
    "{Hi|Hello|Hi there|Dear team}, {just wanted to say thank you|a big thank you|credit where it's due|just a quick word of praise}",
    "{Third|Second|Fifth|My second} order {now|from you|this year} and {still impressed|as good as the first|never a problem}",
    "{A friend|My sister|A colleague|My neighbour} {recommended you|told me about this shop}, and {she was right|I can see why|I'm glad I listened}",
    "{Rarely|Hardly ever|Not often} {do I write these|have I been this pleased with an online order}, but {this deserves it|credit is due|well done}",
];

pub(super) const BEGIN_CROSS: &[&str] = &[
    "{Sadly|Unfortunately|I'm sorry, but|I'm afraid} {I'm|we are} {very|really|quite} {disappointed|unhappy} {this time|with this order}",
    "{Ordered|I ordered|We ordered} on $day and {it's been nothing but trouble|I regret it|have been chasing it since}",
    "{Usually|Normally|Until now} {you've been great|I've been happy}, {but not this time|this time not at all|but this was poor}",
    "{Hi|Hello|Dear team}, {I have to complain|this isn't good enough|I expected better}",
];

pub(super) const END_GLAD: &[&str] = &[
    "{Will|We'll|I'll} {be back|order again|definitely be back|recommend you}",
    "{Thank you|Thanks|Many thanks|Cheers}{|, keep it up| from $country| to everyone}",
    "{Recommended|Highly recommended|Would recommend to anyone}{| with a garden| with a windowsill|}",
    "{This is how|That's how} {online shopping|it|a small shop} should be",
    "{Best|Warm|Kind} {wishes|regards}{| from $country|}",
];

pub(super) const END_CROSS: &[&str] = &[
    "{I won't|We won't|Won't} be {ordering|back|buying} {again|any time soon|here again}",
    "{Please|You really need to} {sort this out|do better|get this fixed}",
    "{A shame|Such a shame|Pity}{|, I like your things|, the products are lovely|}",
    "{I'd like|I expect|Still waiting for} {a reply|my money back|an answer}",
    "{Not|This is not|That's not} {acceptable|good enough|how you keep customers}",
];

pub(super) const BUT: &[&str] =
    &["But ", "Sadly ", "However: ", "Only thing: ", "My one gripe: ", "Apart from that: "];

pub(super) const EMOJI_GLAD: &[&str] =
    &["😊", "👍", "🌱", "🌿", "❤️", "🙂", "🌻", "😍", "🪴", "🙌"];
pub(super) const EMOJI_CROSS: &[&str] = &["😡", "😞", "👎", "🙄", "😤", "😕", "☹️"];

/// The sentences about an event.
pub(super) fn lines(what: Event) -> &'static [&'static str] {
    match what {
        Event::Fast => &[
            "{Delivery|Shipping|The parcel} {was|arrived} {super|really|incredibly|surprisingly} {quick|fast|quickly}{|, even to $country| this time|}",
            "{Ordered|I ordered} on $day{ and|,} {it was here $days days later|it came two days later|it shipped the same day}",
            "{Arrived|Here|Came} {after only $days days|within $days days|sooner than promised|before I expected it}",
            "{Fast|Quick|Speedy|Prompt} delivery{|, well packed|, nothing broken| over the weekend| to $country}",
        ],
        Event::Late => &[
            "{Delivery|The parcel|My order|It} {came|arrived|was} {$days days|a good week|much too|far too} {late|later than promised|after the date you gave}",
            "{Promised|You promised|The site said} {three|two to three|three to four} {days|working days}, {it took|in the end it was|it turned into} $days",
            "{Had|I had|We had} to wait {$days days|over a week|far too long|ages} for {$the|the parcel|my order}",
            "{Since|Ever since} $carrier {delivers|took over}, {everything takes longer|nothing arrives on time|it just doesn't work}",
            "{$occasion was over|We missed $occasion} {by the time|because} {it arrived|$the turned up|the parcel came|it was so late}",
            "The parcel sat {for $days days|for ages|nearly a week} {in a depot|in the $carrier depot|somewhere}",
        ],
        Event::VeryLate => &[
            "{Still|I am still|We're still} waiting for {$the|my parcel|the order|the delivery} after {$days days|more than two weeks|almost three weeks}",
            "{$days days|Nearly three weeks|$days days and counting} for {a parcel|one parcel|a delivery}, {that's a joke|unacceptable|seriously}",
            "$carrier {lost it|sent it back|drove it to the wrong town twice|claims it was delivered, it was not}",
            "{Took|It took} {three emails|two phone calls|a lot of chasing} {before anyone looked for it|to find out where it was|until something happened}",
            "{The parcel|My order|The delivery} {never arrived|has vanished|is still not here}",
        ],
        Event::NoTracking => &[
            "{Tracking|The tracking|The tracking link} {didn't work|hasn't changed in days|was useless|has said \"out for delivery\" for days}",
            "{No|There was no|Not a single} {update|message|word} on where {it was|the parcel is|my order is}",
            "{Nobody|No one} {could tell me|tells you|knew} when {it would come|it will be delivered|to expect it}",
        ],
        Event::Damaged => &[
            "{$The|The order|It} {arrived|came} {broken|cracked|in pieces|damaged|with a chip}{|, sadly|, such a shame|}",
            "{The box|The parcel|The carton} was {crushed|torn open|soaking wet|battered}{|, $the is cracked|, luckily only the rim is chipped|}",
            "{Badly|Poorly|Hardly} packed, {$the didn't survive|no wonder it broke|shards everywhere}",
            "{Can't|I can't} give {it|this} as a present {now|like this}, {the rim is chipped|there is a crack in it}",
        ],
        Event::WellPacked => &[
            "{Everything|$The|It} was {really|very|beautifully|so} {well|carefully|nicely} packed{|, no plastic| and arrived in one piece|}",
            "{Love|Really like} {the plastic-free packaging|that there's no plastic|the packaging}",
            "{Arrived|Came} {safe and sound|in one piece|without a scratch}, {great packaging|very well padded|thank you for the care}",
        ],
        Event::MuchPaper => &[
            "{Huge|Enormous|Far too big a|Ridiculously large} box for {a packet of seeds|such a small order|one little thing}",
            "{A lot of|Too much|Rather a lot of} {packaging|paper|filling}",
        ],
        Event::WrongItem => &[
            "{Got|Received|You sent} the wrong {item|colour|size}{|, now I have to send it back|, had ordered $the|}",
            "{One item|Part of the order|The saucer|Half of it} was missing{|, no reply so far|, that shouldn't happen|}",
            "{Ordered|I ordered} $the, {got something else entirely|got a different size|and the wrong one came}",
        ],
        Event::LeftOutside => &[
            "{Parcel|The parcel} {was left|just dumped|was just left} {in the rain|outside|by the bins|at the wrong house}{|, nobody rang|, soaking wet|}",
            "$carrier {didn't even ring|never rings|just leaves things}{|, I was in all day|, so annoying|}",
            "The driver was {rude|very rude|in a foul mood}",
        ],
        Event::Lovely => &[
            "{$The|My new $thing} {is|looks} {beautiful|gorgeous|even better than in the photo|so pretty|just lovely}{| on the windowsill| on the balcony| in the kitchen|}",
            "{Absolutely|Really|Totally} {in love with|delighted with|thrilled with} $the",
            "{Everyone|My friends|My neighbour} {asks|keeps asking|asked} where I {got|bought} {it|$the}",
            "{The colour|The shape|The design} of $the is {lovely|perfect|just right|a dream}",
        ],
        Event::GoodQuality => &[
            "{The quality|The workmanship|The finish} {is|of $the is} {excellent|very good|outstanding|really solid}",
            "{Excellent|Really good|Proper|Great} quality{|, you can tell|, will last for years|, worth every cent}",
            "{$The|It} {feels|is} {solid|well made|sturdy|thought through}",
            "{Use|I use|We use} it {every day|daily|all the time} and {it's still like new|no complaints|it works perfectly}",
        ],
        Event::Grows => &[
            "{Everything|The $plant|Nearly every seed} {came up|germinated|sprouted} {within $days days|in a week|beautifully}",
            "{The $plant|My $plant} is {growing like mad|thriving|doing brilliantly}",
            "{The kids|My children|Our grandchildren} {water them every day|love it|check for new leaves every morning}",
            "{Instructions|The booklet} {very clear|is lovely|was a great help}{|, even I can grow $plant now|}",
        ],
        Event::Poor => &[
            "{$The|It} {cracked|rusted|stained|chipped} {after two weeks|after $days days|almost at once}",
            "{Quality|The quality|The finish} {isn't great|used to be better|is poor for the price|let me down}",
            "{For the price|At that price} {I expected more|it should last longer|this is poor}",
            "{The colour|Colour} {is nothing like the photo|is quite different from the picture}",
        ],
        Event::Leaks => &[
            "{$The|It} {leaks|drips|leaked} {from day one|all the time|after $days days|everywhere}",
            "{The trigger|The nozzle|The spray head} {broke|jams|was faulty|snapped off} {after $days days|from the start|almost at once}",
        ],
        Event::NotGrowing => &[
            "{Nothing|Hardly anything|Only half} {came up|germinated|sprouted}{|, followed the instructions| after three weeks|, maybe an old batch}",
            "{The seeds|The $plant} {never came up|went mouldy|did nothing}{|, tried twice|, such a pity|}",
        ],
        Event::Smaller => &[
            "{$The|It} is {smaller than I thought|much smaller than it looks|tiny}{|, please show the size better|, should have measured|}",
        ],
        Event::FairPrice => &[
            "{Fair|Good|Reasonable} {price|prices|value}{| for the quality| for what you get|, even with shipping}",
            "{Not cheap|Not the cheapest}, but {worth it|worth every penny|you get what you pay for}",
        ],
        Event::Expensive => &[
            "{A bit|Rather|Quite|Too} {expensive|pricey|dear}{| for what it is|, half the price elsewhere|, but nice|}",
            "{Prices|Your prices} have gone up {a lot|quite a bit|again}",
        ],
        Event::ShippingCost => &[
            "{Shipping|Postage|Delivery} {is too expensive|costs too much|was a surprise at the end}{| to $country| for a packet of seeds| for something so small|}",
            "{Free shipping|Free delivery} only {over|above|from} 75, {a pity|that's a lot}",
        ],
        Event::EasyOrder => &[
            "{Ordering|Checkout|The checkout|The whole thing} was {easy|quick|a breeze|straightforward|done in two minutes}",
            "{Easy|Quick|Simple} to order, {no account needed|even on my phone|few clicks|clear steps}",
            "{Payment|Paying} {worked|went through} {first time|without a hitch|straight away}",
            "{Clear|Good} {descriptions|photos and sizes|information}, {found what I wanted|no questions left|made it easy to choose}",
        ],
        Event::CouponFailed => &[
            "{The coupon|My code|The newsletter code|The discount code} {didn't work|was rejected|wasn't accepted|had supposedly expired}",
        ],
        Event::PaymentTrouble => &[
            "{Payment|The payment|My card} {failed three times|was declined for no reason|only worked at the third attempt|timed out}",
            "{At the checkout|Just before the end} {my basket was suddenly empty|I got an error|it threw me out}",
        ],
        Event::MustRegister => &[
            "{Why do I|Why does one} have to {create an account|register|give my date of birth}",
            "{Too many|So many} {steps|fields|questions} {at the checkout|to buy one pot}",
        ],
        Event::BeautifulSite => &[
            "{Lovely|Beautiful|Really nice} {website|photos|shop}, {a joy to browse|makes me want to garden|so calm and clear}",
            "{The site|Your website} is {beautiful|a pleasure|easy on the eye|clear and calm}",
        ],
        Event::GoodAdvice => &[
            "{The growing guide|Your guide|The advice} is {so helpful|excellent|worth its weight in gold}{|, my $plant survived|}",
            "{Found|I found} {just what I needed to know about $plant|the answer to my question} {in the guide|on your site}",
        ],
        Event::HardToFind => &[
            "{Search|The search} {finds nothing|is useless|shows everything but $the}",
            "{Couldn't|I couldn't} find {the sizes|a phone number|shipping costs|$the}{| anywhere| for ages|}",
        ],
        Event::SlowSite => &[
            "{The site|Your shop|It} is {painfully slow|so slow|slow} {on my phone|today|to load}",
            "{On my phone|On a tablet} {everything jumps about|it's hard to use|the text is too small}",
        ],
        Event::SoldOut => &[
            "{Shame|Pity} {$the was sold out|so much is sold out|my colour was sold out}",
            "{Half|Most} of it is {out of stock|sold out}{|, when will it be back|}",
        ],
        Event::Kind => &[
            "{Such|Really|Very} {friendly|helpful|kind|lovely} {service|people|staff|contact}",
            "{The lady|The person|The man} on the phone was {so helpful|lovely|very patient|really kind}",
            "{You can tell|One notices} {they care|real people work there|someone thinks about what they do}",
        ],
        Event::QuickAnswer => &[
            "{Reply|Answer|An answer} {within the hour|the same day|within minutes|the next morning}",
            "{Problem|My problem|The issue} {solved|sorted} {at once|straight away|without any fuss}{|, replacement came in $days days|}",
            "{Replacement|A new one} {came at once|was sent without question|arrived after $days days}",
        ],
        Event::NoAnswer => &[
            "{No reply|No answer|Not a word} to {my email|two emails|my message} {after $days days|so far|to this day}",
            "{Can't|Couldn't|Impossible to} get {anyone|through to anyone} on the phone",
            "{Support|Customer service} {doesn't answer|is impossible to reach|never got back to me}",
        ],
        Event::Unsolved => &[
            "{My problem|The issue|My complaint} is {still not solved|still open after $days days|unresolved}",
            "{Passed|I was passed|Just got passed} from one person to the next{|, nobody feels responsible|}",
        ],
        Event::Canned => &[
            "{Only|Just|All I got were} {canned replies|template answers|automatic emails}{|, nobody reads what you write|}",
            "{The reply|Their answer} had nothing to do with my question",
        ],
        Event::EasyReturn => &[
            "{Returning|Sending} it {back |}was {easy|no problem at all|painless}",
            "{Money|Refund} {was back in $days days|came straight away|arrived quickly}{|, exemplary|}",
            "{The return|Return} {was|went} {smooth|simple|without any fuss}",
        ],
        Event::RefundSlow => &[
            "{Still|I am still} waiting for {my money|the refund} after {$days days|three weeks}",
            "{The refund|Refund} took {$days days|forever|two reminders}",
        ],
        Event::LabelMissing => &[
            "{No|There was no} return label {in the box|included}, {had to ask for one|why not|what a hassle}",
            "{Returns|Returning things} only through $carrier, {very inconvenient|the nearest shop is miles away}",
        ],
        Event::PaidReturn => &[
            "{Had|I had} to pay {for the return|the return postage} {myself|although it wasn't my fault}",
        ],
        Event::Loyal => &[
            "{Have|I have|We've} been {ordering|buying} here {for years|every spring|again and again} and {never been disappointed|it's always right}",
            "{My|Our} favourite {shop|place|shop for anything green}{| by far|}",
            "{Happy|Glad} to support {a small shop|a small workshop|people who know what they do}",
        ],
        Event::Gift => &[
            "{It was|Was|Bought as} a {gift|present} {for my mum|for a friend|for $occasion|for my dad}{ and|,} {much loved|it went down very well|much admired}",
        ],
        Event::FirstTime => &[
            "{First|My first} order{ and|,} {very pleased|pleasantly surprised|it won't be the last}",
            "{Found you|Came across you} {by chance|through the guide|through a friend}",
        ],
    }
}
