//! Calls between places that are cut, and calls that run at the same time, in tests.

use alloc::vec::Vec;

use super::World;
use crate::{Call, Effect, Received, Request, Response, Step};

/// What of a call between places does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The answer: what was asked for is done.
    Answer,
    /// The message: nothing is done.
    Message,
}

/// A call that waits for what it asked, or has ended.
enum Running {
    Ended(Response),
    Waits(Call, Effect),
}

impl World {
    /// After that many more calls between places, each is cut; `None` ends that.
    pub fn calls_left(&self, left: Option<(u32, Cut)>) {
        self.calls_left.set(left);
    }

    /// Whether the next call between places is cut.
    pub(super) fn cut(&self) -> Option<Cut> {
        match self.calls_left.get()? {
            (0, cut) => Some(cut),
            (left, cut) => {
                self.calls_left.set(Some((left - 1, cut)));
                None
            }
        }
    }

    /// Sends requests at once: each goes on by one step while the others wait.
    #[must_use]
    pub fn together(&self, requests: &[Request]) -> Vec<Response> {
        let mut running: Vec<_> = requests.iter().map(|request| self.start(request)).collect();
        while running.iter().any(|running| matches!(running, Running::Waits(..))) {
            running = running.into_iter().map(|running| self.go_on(running)).collect();
        }
        let ended = running.into_iter().filter_map(|running| match running {
            Running::Ended(response) => Some(response),
            Running::Waits(..) => None,
        });
        ended.collect()
    }

    fn start(&self, request: &Request) -> Running {
        match self.front.receive(request, self.now_ms(), self.seed()) {
            Received::Answer(response) => Running::Ended(response),
            Received::Forward(forward) => {
                let (_, kernel) = self.open(&forward.place);
                self.step(kernel.begin(&forward.message, self.now_ms(), self.seed()))
            }
            Received::Download(_) | Received::Upload(_) => Running::Ended(self.send(request)),
        }
    }

    fn go_on(&self, running: Running) -> Running {
        match running {
            Running::Ended(response) => Running::Ended(response),
            Running::Waits(mut call, effect) => {
                call.answer(self.perform(effect), self.now_ms());
                self.step(call)
            }
        }
    }

    fn step(&self, mut call: Call) -> Running {
        match call.step() {
            Step::Ask(effect) => Running::Waits(call, effect),
            Step::Done { response, log } => {
                self.log.borrow_mut().extend(log);
                self.finish_afterwards(&mut call);
                Running::Ended(response)
            }
        }
    }
}
