//! Memory for bodies: small ones come as they like; large ones queue for room while they come, and for other room while they are
//! decoded and read. So many servers that send much at once cost no more memory than a few, and a slow one keeps no body waiting
//! that has come.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that a body may have without asking: nearly all feeds need no more.
pub(super) const SMALL: u64 = 128 * 1024;
/// Room is given out by the kibibyte.
const UNIT: u64 = 1024;

/// The rooms for large bodies. Nobody can wait for himself: whoever waits for the first has nothing, who waits for the second has of
/// the first alone, and who waits for the third asks for nothing after.
#[derive(Debug)]
pub(super) struct Rooms {
    /// For those that are on their way: half as much as the largest takes.
    coming: Room,
    /// For the rest of those that are on their way and for which there is not enough there.
    long: Room,
    /// For those that are there.
    pub(super) whole: Room,
}

/// The room of a body on its way.
#[derive(Debug, Default)]
pub(super) struct Growing {
    spaces: Vec<Space>,
    bytes: u64,
}

impl Rooms {
    /// Rooms enough for bodies of so many bytes.
    pub(super) fn new(largest: u64) -> Self {
        Self { coming: Room::new(largest / 2), long: Room::new(largest), whole: Room::new(largest) }
    }

    /// Waits until a body of which so much has come, and at most so much will, has room for it; gives for how many bytes. It has never
    /// more than twice what has come, whatever it promises, as long as others need room too.
    pub(super) async fn grow(&self, growing: &mut Growing, come: u64, most: u64) -> u64 {
        if come.min(most) <= growing.bytes.max(SMALL) {
            return growing.bytes.max(SMALL);
        }
        let wanted = come.saturating_mul(2).min(most);
        let (space, bytes) = match self.coming.take_at_once(wanted - growing.bytes) {
            Some(space) => (space, wanted),
            None if growing.spaces.is_empty() => (self.coming.take(wanted).await, wanted),
            None => (self.long.take(most - growing.bytes).await, most),
        };
        growing.spaces.push(space);
        growing.bytes = bytes;
        bytes
    }
}

impl Growing {
    /// Whether it has none, being small.
    pub(super) fn is_small(&self) -> bool {
        self.spaces.is_empty()
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
    fn new(bytes: u64) -> Self {
        let all = units(bytes).min(Semaphore::MAX_PERMITS as u32);
        Self { units: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// Waits for room for a body of so many bytes. Whoever has room must not ask for more: two that did could wait for each other.
    pub(super) async fn take(&self, bytes: u64) -> Space {
        // the semaphore is never closed
        Space(Arc::clone(&self.units).acquire_many_owned(units(bytes).min(self.all)).await.ok())
    }

    /// Room that is there, if nobody waits for it.
    fn take_at_once(&self, bytes: u64) -> Option<Space> {
        Arc::clone(&self.units).try_acquire_many_owned(units(bytes)).ok().map(|permit| Space(Some(permit)))
    }
}

impl Space {
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

    const LARGEST: u64 = 8 << 20;

    #[tokio::test]
    async fn bodies_that_drip_leave_room_for_others_whatever_they_promise() {
        let rooms = Rooms::new(LARGEST);
        let mut drips: [Growing; 8] = Default::default();
        for drip in &mut drips {
            assert_eq!(rooms.grow(drip, SMALL + 1, LARGEST).await, 2 * (SMALL + 1));
        }
        let mut large = Growing::default();
        for come in (SMALL..=LARGEST).step_by(64 << 10) {
            assert!(rooms.grow(&mut large, come, LARGEST).await >= come);
        }
    }

    #[tokio::test]
    async fn bodies_that_grow_together_all_get_there_one_after_another() {
        let rooms = Arc::new(Rooms::new(LARGEST));
        let grow = |_| {
            let rooms = Arc::clone(&rooms);
            tokio::spawn(async move {
                let mut growing = Growing::default();
                for come in (0..=LARGEST).step_by(64 << 10) {
                    rooms.grow(&mut growing, come, LARGEST).await;
                    tokio::task::yield_now().await;
                }
                drop(rooms.whole.take(LARGEST).await);
            })
        };
        for body in (0..50).map(grow).collect::<Vec<_>>() {
            body.await.unwrap();
        }
        assert_eq!(rooms.coming.units.available_permits() as u64 * UNIT, LARGEST / 2);
    }
}
