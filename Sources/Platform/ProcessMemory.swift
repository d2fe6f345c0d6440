import CCurl

/// How the process uses its heap.
package enum ProcessMemory {
    /// Keeps the C library to one heap for all threads, and gives back a few times a second what is free in it.
    ///
    /// By default each thread gets a heap of its own, up to eight times the cores; what a thread has freed serves no
    /// other, and goes back to the system only from a heap's end. A run over 2.2 million records held 187 MB that way,
    /// 150 MB with one heap, and 116 MB with its free memory given back and fewer keys kept.
    package static func keepHeapSmall() { martlet_keep_heap_small() }
}
