//! What was fetched and may be wanted again soon: bounded in number, in bytes and in time, and never fetched twice at once.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

/// Values by name, the oldest first.
#[derive(Debug)]
pub(super) struct Kept<V> {
    entries: Mutex<VecDeque<(String, Cell<V>)>>,
    /// The most of them.
    most: usize,
    /// The most bytes they may take together.
    most_bytes: usize,
    weight: fn(&V) -> usize,
}

/// A value and until when it is good, once it is there.
type Cell<V> = Arc<OnceCell<(V, Instant)>>;

impl<V: Clone> Kept<V> {
    pub(super) fn new(most: usize, most_bytes: usize, weight: fn(&V) -> usize) -> Self {
        Self { entries: Mutex::default(), most, most_bytes, weight }
    }

    /// The value of a name; if it is not there, or not good any more, what `make` makes of it, with how long that is good. Whoever
    /// else asks for it meanwhile waits for the same.
    pub(super) async fn get_or(&self, name: &str, make: impl Future<Output = (V, Duration)>) -> V {
        let cell = self.cell(name);
        let good_until = async {
            let (value, life) = make.await;
            (value, Instant::now() + life)
        };
        cell.get_or_init(|| good_until).await.0.clone()
    }

    fn cell(&self, name: &str) -> Cell<V> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|(_, cell)| cell.get().is_none_or(|(_, until)| *until > Instant::now()));
        if let Some((_, cell)) = entries.iter().find(|(known, _)| known == name) {
            return Arc::clone(cell);
        }
        let bytes = |entries: &VecDeque<(String, Cell<V>)>| {
            entries.iter().map(|(name, cell)| name.len() + cell.get().map_or(0, |(value, _)| (self.weight)(value))).sum::<usize>()
        };
        while entries.len() >= self.most || bytes(&entries) > self.most_bytes {
            entries.pop_front();
        }
        let cell = Cell::default();
        entries.push_back((name.to_owned(), Arc::clone(&cell)));
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    async fn get(kept: &Kept<usize>, name: &str, value: usize) -> usize {
        kept.get_or(name, async move { (value, HOUR) }).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_made_once_as_long_as_it_is_good() {
        let kept = Kept::new(9, 99, |_| 1);
        let (one, two) = tokio::join!(get(&kept, "a", 1), get(&kept, "a", 2));
        assert_eq!((one, two), (1, 1));
        tokio::time::advance(HOUR - Duration::from_secs(1)).await;
        assert_eq!(get(&kept, "a", 3).await, 1);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(get(&kept, "a", 4).await, 4);
    }

    #[tokio::test]
    async fn the_oldest_go_when_there_are_too_many_or_they_are_too_large() {
        let kept = Kept::new(2, 99, |value| *value);
        for name in ["a", "b", "c"] {
            get(&kept, name, 1).await;
        }
        assert_eq!((get(&kept, "c", 2).await, get(&kept, "a", 2).await), (1, 2));
        get(&kept, "large", 500).await;
        get(&kept, "d", 1).await;
        assert_eq!(get(&kept, "large", 7).await, 7);
    }

    #[tokio::test]
    async fn what_is_given_up_is_made_by_the_next() {
        let kept: Kept<usize> = Kept::new(9, 99, |_| 1);
        let given_up = kept.get_or("a", std::future::pending());
        assert!(tokio::time::timeout(Duration::from_millis(1), given_up).await.is_err());
        assert_eq!(get(&kept, "a", 2).await, 2);
    }
}
