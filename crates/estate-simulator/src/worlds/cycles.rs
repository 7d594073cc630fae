//! Finds the nodes of a directed graph that are on a cycle.

/// Tarjan's strongly connected components algorithm without recursion.
struct Search<'a> {
    edges: &'a [Vec<usize>],
    /// Order in which each node was entered.
    entered: Vec<Option<usize>>,
    /// Earliest node on the stack that each node leads back to.
    leads_back: Vec<usize>,
    is_on_stack: Vec<bool>,
    stack: Vec<usize>,
    count: usize,
    on_cycle: Vec<bool>,
}

/// Returns for each node true if it is on a cycle of two or more nodes.
pub(crate) fn on_cycles(edges: &[Vec<usize>]) -> Vec<bool> {
    let nodes = edges.len();
    let mut search = Search {
        edges,
        entered: vec![None; nodes],
        leads_back: vec![0; nodes],
        is_on_stack: vec![false; nodes],
        stack: Vec::new(),
        count: 0,
        on_cycle: vec![false; nodes],
    };
    for node in 0..nodes {
        if search.entered[node].is_none() {
            search.walk(node);
        }
    }
    search.on_cycle
}

impl Search<'_> {
    fn walk(&mut self, first: usize) {
        self.enter(first);
        let mut path = vec![(first, 0)];
        while let Some((node, next)) = path.pop() {
            let Some(&target) = self.edges[node].get(next) else {
                self.leave(node);
                if let Some((parent, _)) = path.last() {
                    self.leads_back[*parent] = self.leads_back[*parent].min(self.leads_back[node]);
                }
                continue;
            };
            path.push((node, next + 1));
            match self.entered[target] {
                None => {
                    self.enter(target);
                    path.push((target, 0));
                }
                Some(entered) if self.is_on_stack[target] => {
                    self.leads_back[node] = self.leads_back[node].min(entered);
                }
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.entered[node] = Some(self.count);
        self.leads_back[node] = self.count;
        self.count += 1;
        self.is_on_stack[node] = true;
        self.stack.push(node);
    }

    /// Pops a whole component off the stack if `node` is its first one.
    fn leave(&mut self, node: usize) {
        if self.entered[node] != Some(self.leads_back[node]) {
            return;
        }
        let is_single = self.stack.last() == Some(&node);
        while let Some(member) = self.stack.pop() {
            self.is_on_stack[member] = false;
            self.on_cycle[member] = !is_single;
            if member == node {
                break;
            }
        }
    }
}
