//! Memory for bodies: small ones come as they like; large ones queue for room while they come, and for other room while they are
//! decoded and read. So many servers that send much at once cost no more memory than two, and a slow one keeps no body waiting
//! that has come.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that a body may have without asking: nearly all feeds need no more.
pub(super) const SMALL: u64 = 128 * 1024;
/// Bytes that all large bodies may have together in one room; one of the largest is always let in.
const ROOM: u64 = 8 << 20;
/// Room is given out by the kibibyte.
const UNIT: u64 = 1024;

/// The rooms for large bodies.
#[derive(Debug)]
pub(super) struct Rooms {
    /// For those that are on their way.
    pub(super) coming: Room,
    /// For those that are there.
    pub(super) whole: Room,
}

impl Rooms {
    /// Rooms enough for bodies of `max_body` bytes.
    pub(super) fn new(max_body: u64) -> Self {
        Self { coming: Room::new(max_body), whole: Room::new(max_body) }
    }
}

/// Room for large bodies.
#[derive(Debug)]
pub(super) struct Room {
    units: Arc<Semaphore>,
    all: u32,
}

/// The room that one body has; dropped, the next in line has it.
#[derive(Debug, Default)]
pub struct Space(Option<OwnedSemaphorePermit>);

impl Room {
    fn new(max_body: u64) -> Self {
        let all = units(max_body.max(ROOM)).min(Semaphore::MAX_PERMITS as u32);
        Self { units: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// Waits for room for a body of so many bytes. Whoever has room must not ask for more: two that did could wait for each other.
    pub(super) async fn take(&self, bytes: u64) -> Space {
        // the semaphore is never closed
        Space(Arc::clone(&self.units).acquire_many_owned(units(bytes).min(self.all)).await.ok())
    }
}

impl Space {
    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Gives back what a body of so many bytes does not need.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        if let Some(permit) = &mut self.0 {
            let spare = permit.num_permits().saturating_sub(units(bytes as u64) as usize);
            drop(permit.split(spare));
        }
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn large_bodies_wait_for_each_other_and_take_no_more_than_they_need() {
        let room = Room::new(12 << 20);
        let (mut first, second) = (room.take(8 << 20).await, room.take(4 << 20).await);
        let mut third = pin!(room.take(1 << 20));
        let mut is_ready = || third.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        assert!(!is_ready());
        first.shrink_to(7 << 20);
        assert!(is_ready());
        drop(second);
        room.take(4 << 20).await;
    }

    #[tokio::test]
    async fn a_body_larger_than_the_room_has_all_of_it() {
        let room = Room::new(1 << 20);
        room.take(u64::MAX).await;
        room.take(u64::MAX).await;
        Room::new(u64::MAX).take(u64::MAX).await;
    }
}
