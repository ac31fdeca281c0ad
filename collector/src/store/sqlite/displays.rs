//! The table `displays`: that the question was shown, and closed.

use afterword_response::Display;
use jiff::Timestamp;

use super::Store;
use crate::aside::Aside;
use crate::store::{StoreError, arrival::DisplayArrival};

impl Store {
    /// Keeps a step of a display; it is on the disk then. A repeat changes nothing.
    pub(crate) async fn put_display(
        &self,
        display: &Display,
        aside: Aside,
    ) -> Result<(), StoreError> {
        self.writer.show(DisplayArrival::new(display.clone(), Timestamp::now(), aside)).await
    }
}
