import java.io.InputStream;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.Store;

/**
 * Reads EST answers as a client on BouncyCastle does: the one of simpleenroll and, behind a blank line, that of cacerts.
 * Prints the subjects in the order of the message, then verifies the signatures of the chain leaf to root.
 */
public final class CertsOnly {
  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    List<X509Certificate> chain = new ArrayList<>();
    for (String message : read(System.in).split("\n\n")) {
      CMSSignedData signedData = new CMSSignedData(Base64.getMimeDecoder().decode(message));
      Store<X509CertificateHolder> certificates = signedData.getCertificates();
      for (X509CertificateHolder holder : certificates.getMatches(null)) {
        chain.add(new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder));
      }
    }
    for (X509Certificate certificate : chain) {
      System.out.println(certificate.getSubjectX500Principal().getName());
    }
    for (int index = 0; index < chain.size(); index++) {
      X509Certificate issuer = chain.get(Math.min(index + 1, chain.size() - 1));
      chain.get(index).verify(issuer.getPublicKey(), "BC");
    }
    System.out.println("verified");
  }

  private static String read(InputStream input) throws Exception {
    return new String(input.readAllBytes(), "US-ASCII");
  }
}
