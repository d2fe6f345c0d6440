import Glibc

/// Reads an open file from a place on, into memory that nobody has cleared before.
enum PositionedRead {
    /// As many bytes as there are, up to `count`; else the error's number.
    static func bytes(of descriptor: Int32, from start: Int64, count: Int) -> Result<[UInt8], ErrorNumber> {
        var failure: Int32?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            guard let base = buffer.baseAddress else { return }
            while done < count {
                let read = unsafe pread(descriptor, base + done, count - done, off_t(start) + off_t(done))
                if read > 0 {
                    done += read
                } else if read == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        return failure.map { .failure(ErrorNumber(value: $0)) } ?? .success(bytes)
    }

    struct ErrorNumber: Error {
        let value: Int32
    }
}
