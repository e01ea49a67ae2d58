//! One thread owns the connection; what waits for it is committed together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::StoreError;

/// The most pieces of work in one transaction: bounds how long the first waits for its answer.
const MAX_BATCH: usize = 256;
/// Pieces of work in one transaction that mean that more is coming.
const MUCH: usize = 4;
/// How long more is waited for then: each commit costs the same, and writes every page again that another one has written.
const GATHERING: Duration = Duration::from_millis(4);

/// Work on the connection; it gives back how to answer once it is known whether the commit succeeded.
type Work = Box<dyn FnOnce(&Connection) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A handle on the thread; the thread ends when the handle is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Sender<Work>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection) -> Self {
        let (queue, waiting) = channel();
        thread::spawn(move || serve(connection, &waiting));
        Self { queue }
    }

    /// Does a piece of work in a transaction and waits until it is committed. Work that fails or panics is undone, alone.
    pub(super) async fn call<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.step(move |connection| undone_on_failure(connection, work)).await
    }

    /// As [`Writer::call`], for a single statement that changes something: SQLite itself undoes one that fails.
    pub(super) async fn step<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move |connection: &Connection| -> Answer {
            let done = caught(connection, work);
            // nobody waits for the answer any more if the caller was cancelled; the work stands all the same
            Box::new(move |committed| drop(answer.send(done.and_then(|value| committed.map(|()| value)))))
        };
        let gone = || StoreError::Database("the state's thread has ended".to_owned());
        self.queue.send(Box::new(work)).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

fn serve(mut connection: Connection, waiting: &Receiver<Work>) {
    let mut much_comes = false;
    while let Ok(first) = waiting.recv() {
        if much_comes {
            thread::park_timeout(GATHERING);
        }
        let mut answers = Vec::new();
        let committed = commit_together(&mut connection, first, waiting, &mut answers);
        much_comes = answers.len() >= MUCH;
        for answer in answers {
            answer(committed.as_ref().copied().map_err(|why| StoreError::Database(why.to_string())));
        }
    }
}

fn commit_together(
    connection: &mut Connection,
    first: Work,
    waiting: &Receiver<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), rusqlite::Error> {
    // IMMEDIATE, because a transaction that starts as a reader cannot always be made a writer
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    answers.push(first(&transaction));
    while answers.len() < MAX_BATCH {
        let Ok(next) = waiting.try_recv() else { break };
        answers.push(next(&transaction));
    }
    transaction.commit()
}

fn undone_on_failure<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT work")?.execute([])?;
    let done = caught(connection, work);
    if done.is_err() {
        connection.prepare_cached("ROLLBACK TO work")?.execute([])?;
    }
    connection.prepare_cached("RELEASE work")?.execute([])?;
    done
}

fn caught<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let done = catch_unwind(AssertUnwindSafe(|| work(connection)));
    done.unwrap_or_else(|_| Err(StoreError::Database("a fault of wirewatch's own while deciding".to_owned())))
}
