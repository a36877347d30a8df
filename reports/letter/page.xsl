<?xml version="1.0" encoding="UTF-8"?>
<!-- A letter of a school to a family, on A4.

     A school makes its own by a file beside this one that is named after its URN (900001.xsl): it imports
     this one and says anew what it wants to be different, as a rule the letterhead:

       <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
           xmlns:l="https://doorstep.example/ns/v1/letter">
         <xsl:import href="page.xsl"/>
         <xsl:template name="letterhead">
           <div class="head"><h1>Example School</h1><p>1 School Lane, Exampletown</p></div>
         </xsl:template>
       </xsl:stylesheet>

     Letters that were sent stay as they were. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:l="https://doorstep.example/ns/v1/letter" exclude-result-prefixes="l">
	<xsl:import href="../frame.xsl"/>

	<xsl:template name="own-style">
					.head { border-bottom: 1px solid #000; margin-bottom: 8mm } .head h1 { margin: 0 0 .2em }
					.to { min-height: 32mm; white-space: pre-line } .date { margin: 6mm 0 }
					.subject { font-weight: bold; margin: 6mm 0 4mm } .text p { white-space: pre-line }
					.sign { margin-top: 16mm } .reference { color: #444; font-size: .8em; margin-top: 12mm }
	</xsl:template>

	<xsl:template name="letterhead">
		<div class="head"><h1><xsl:value-of select="/l:letter/l:school"/></h1></div>
	</xsl:template>

	<xsl:template match="/l:letter">
		<xsl:call-template name="frame">
			<xsl:with-param name="title" select="l:subject"/>
			<xsl:with-param name="content">
				<xsl:if test="@state != 'sent'">
					<p class="warning">
						<xsl:choose>
							<xsl:when test="@state = 'draft'">DRAFT – not sent</xsl:when>
							<xsl:otherwise>WITHDRAWN – never sent</xsl:otherwise>
						</xsl:choose>
					</p>
				</xsl:if>
				<xsl:call-template name="letterhead"/>
				<div class="to"><xsl:apply-templates select="l:recipients"/></div>
				<p class="date"><xsl:value-of select="l:sent-on"/></p>
				<p class="subject"><xsl:value-of select="l:subject"/></p>
				<div class="text"><xsl:apply-templates select="l:text/l:p"/></div>
				<xsl:apply-templates select="l:sender"/>
				<p class="reference">
					<xsl:text>Our reference: </xsl:text>
					<xsl:value-of select="translate(@kind, '_', ' ')"/>
					<xsl:text> letter </xsl:text>
					<xsl:value-of select="@id"/>
				</p>
			</xsl:with-param>
		</xsl:call-template>
	</xsl:template>

	<!-- Those who live together are written to at one address. -->
	<xsl:template match="l:recipients">
		<xsl:for-each select="l:recipient">
			<xsl:value-of select="concat(l:name, '&#10;')"/>
			<xsl:variable name="next" select="following-sibling::l:recipient[1]"/>
			<xsl:if test="not($next) or concat($next/l:address, '|', $next/l:postcode) != concat(l:address, '|', l:postcode)">
				<xsl:if test="l:address"><xsl:value-of select="concat(l:address, '&#10;')"/></xsl:if>
				<xsl:if test="l:postcode"><xsl:value-of select="concat(l:postcode, '&#10;')"/></xsl:if>
				<xsl:if test="$next"><xsl:text>&#10;</xsl:text></xsl:if>
			</xsl:if>
		</xsl:for-each>
	</xsl:template>

	<xsl:template match="l:p"><p><xsl:value-of select="."/></p></xsl:template>

	<xsl:template match="l:sender">
		<div class="sign">
			<p><xsl:value-of select="l:name"/><br/><xsl:value-of select="l:role"/></p>
			<xsl:if test="l:phone | l:email">
				<p>
					<xsl:value-of select="l:phone"/>
					<xsl:if test="l:phone and l:email"> · </xsl:if>
					<xsl:value-of select="l:email"/>
				</p>
			</xsl:if>
		</div>
	</xsl:template>
</xsl:stylesheet>
