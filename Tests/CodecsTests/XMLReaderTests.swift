import Testing

@testable import Codecs

@Suite struct XMLReaderTests {
    @Test("Reads an S3 listing, with references, namespaces and white space that matters")
    func listing() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
              <IsTruncated>true</IsTruncated><KeyCount>2</KeyCount>
              <Contents><Key>a &amp; b/&#x1F600;&#65; </Key><Size>12</Size></Contents>
              <Contents><Key><![CDATA[<raw>&]]></Key><Size>0</Size></Contents><s3:Empty a="1>2" b='x'/>
            </ListBucketResult>

            """
        let root = try XMLReader.root(of: Array(text.utf8))
        #expect(root.name == "ListBucketResult")
        #expect(root.text("IsTruncated") == "true")
        #expect(root.all("Contents").map { $0.text("Key") } == ["a & b/😀A ", "<raw>&"])
        #expect(root["Empty"] != nil)
        #expect(root.text("Contents", "Nothing") == nil)
    }

    @Test(
        "What is broken or dangerous is refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&nope;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a",
            "<a b>",
            "<a b=1/>", "<a b='1/>", "</a>", "<a/>x", "<>", "<a><!-- </a>", "<a>&amp</a>", "<a/ >",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        ])
    func refuses(text: String) {
        #expect(throws: CodecError.self) { try XMLReader.root(of: Array(text.utf8)) }
    }

    @Test("Depth is limited and broken UTF-8 refused")
    func limits() {
        let deep = String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40)
        #expect(throws: CodecError.self) { try XMLReader.root(of: Array(deep.utf8)) }
        #expect(throws: CodecError.self) {
            try XMLReader.root(of: Array("<a>".utf8) + [0xff] + Array("</a>".utf8))
        }
    }
}
