//! What can happen to a customer of the demo shop, and what it does to their score.

/// Something that happened, and may be written about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Fast,
    Late,
    VeryLate,
    NoTracking,
    Damaged,
    WellPacked,
    MuchPaper,
    WrongItem,
    LeftOutside,
    Lovely,
    GoodQuality,
    Grows,
    Poor,
    Leaks,
    NotGrowing,
    Smaller,
    FairPrice,
    Expensive,
    ShippingCost,
    EasyOrder,
    CouponFailed,
    PaymentTrouble,
    MustRegister,
    BeautifulSite,
    GoodAdvice,
    HardToFind,
    SlowSite,
    SoldOut,
    Kind,
    QuickAnswer,
    NoAnswer,
    Unsolved,
    Canned,
    EasyReturn,
    RefundSlow,
    LabelMissing,
    PaidReturn,
    Loyal,
    Gift,
    FirstTime,
}

impl Event {
    #[cfg(test)]
    pub(super) const ALL: [Self; 40] = [
        Self::Fast,
        Self::Late,
        Self::VeryLate,
        Self::NoTracking,
        Self::Damaged,
        Self::WellPacked,
        Self::MuchPaper,
        Self::WrongItem,
        Self::LeftOutside,
        Self::Lovely,
        Self::GoodQuality,
        Self::Grows,
        Self::Poor,
        Self::Leaks,
        Self::NotGrowing,
        Self::Smaller,
        Self::FairPrice,
        Self::Expensive,
        Self::ShippingCost,
        Self::EasyOrder,
        Self::CouponFailed,
        Self::PaymentTrouble,
        Self::MustRegister,
        Self::BeautifulSite,
        Self::GoodAdvice,
        Self::HardToFind,
        Self::SlowSite,
        Self::SoldOut,
        Self::Kind,
        Self::QuickAnswer,
        Self::NoAnswer,
        Self::Unsolved,
        Self::Canned,
        Self::EasyReturn,
        Self::RefundSlow,
        Self::LabelMissing,
        Self::PaidReturn,
        Self::Loyal,
        Self::Gift,
        Self::FirstTime,
    ];

    /// How far it moves somebody, on the scale of `answer::score`: about a half for each point.
    pub(super) const fn effect(self) -> f32 {
        match self {
            Self::VeryLate => -2.5,
            Self::Damaged | Self::Unsolved => -1.7,
            Self::NoAnswer => -1.6,
            Self::WrongItem | Self::Leaks | Self::RefundSlow => -1.4,
            Self::Late | Self::NotGrowing | Self::Poor => -1.25,
            Self::Canned | Self::PaymentTrouble => -1.0,
            Self::NoTracking | Self::CouponFailed => -0.8,
            Self::LeftOutside | Self::PaidReturn | Self::LabelMissing | Self::SlowSite => -0.7,
            Self::MustRegister | Self::HardToFind | Self::SoldOut | Self::Expensive => -0.55,
            Self::Smaller | Self::ShippingCost => -0.45,
            Self::MuchPaper => -0.2,
            Self::FirstTime => 0.0,
            Self::EasyOrder | Self::FairPrice | Self::WellPacked | Self::BeautifulSite => 0.2,
            Self::Fast | Self::GoodQuality | Self::GoodAdvice | Self::Gift => 0.3,
            Self::Lovely | Self::Grows | Self::EasyReturn => 0.4,
            Self::Kind | Self::Loyal => 0.5,
            Self::QuickAnswer => 0.6,
        }
    }

    /// The chip for it, where the shop offers chips.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Fast | Self::Late | Self::VeryLate | Self::NoTracking | Self::LeftOutside => {
                "delivery"
            }
            Self::Damaged | Self::WellPacked | Self::MuchPaper => "packaging",
            Self::WrongItem => "order",
            Self::Lovely
            | Self::GoodQuality
            | Self::Grows
            | Self::Poor
            | Self::Leaks
            | Self::NotGrowing
            | Self::Smaller
            | Self::Gift => "quality",
            Self::FairPrice | Self::Expensive | Self::ShippingCost | Self::CouponFailed => "price",
            Self::EasyOrder | Self::PaymentTrouble | Self::MustRegister => "checkout",
            Self::BeautifulSite
            | Self::GoodAdvice
            | Self::HardToFind
            | Self::SlowSite
            | Self::FirstTime => "website",
            Self::SoldOut => "selection",
            Self::Kind
            | Self::QuickAnswer
            | Self::NoAnswer
            | Self::Unsolved
            | Self::Canned
            | Self::Loyal => "service",
            Self::EasyReturn | Self::RefundSlow | Self::LabelMissing | Self::PaidReturn => {
                "returns"
            }
        }
    }
}
