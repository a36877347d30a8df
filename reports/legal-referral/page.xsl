<?xml version="1.0" encoding="UTF-8"?>
<!-- The report on legal referrals, one page after another, in its two lanes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:d="https://doorstep.example/ns/v1" exclude-result-prefixes="d">
	<xsl:import href="../frame.xsl"/>

	<xsl:template name="own-style">
					@page { size: A4 landscape; margin: 12mm }
					body { font-size: 9pt; max-width: 270mm }
	</xsl:template>

	<xsl:template match="/d:legal_referrals">
		<xsl:call-template name="frame">
			<xsl:with-param name="title">Legal referrals</xsl:with-param>
			<xsl:with-param name="content">
				<h1>Pupils for whom the authorities are to be notified</h1>
				<p class="note">
					The rule of a school is its own trigger to notify the authorities, so that they consider legal
					proceedings. It is no ground for prosecution: that needs unauthorised absence of a child of
					compulsory school age (Education Act 1996, section 444).
				</p>
				<xsl:call-template name="lane">
					<xsl:with-param name="title">For legal proceedings to be considered</xsl:with-param>
					<xsl:with-param name="rows" select="d:legal_referral[d:lane = 'legal']"/>
				</xsl:call-template>
				<xsl:call-template name="lane">
					<xsl:with-param name="title">For support: no unauthorised absence, or not of compulsory school age</xsl:with-param>
					<xsl:with-param name="rows" select="d:legal_referral[d:lane = 'support']"/>
				</xsl:call-template>
				<p class="note">
					Possible: sessions on roll that were attended or missed. N: the reason is not established yet. Gaps:
					sessions without a mark. The range is from all gaps absent to all gaps and N attended. Percentages
					are rounded down.
				</p>
			</xsl:with-param>
		</xsl:call-template>
	</xsl:template>

	<xsl:template name="lane">
		<xsl:param name="title"/>
		<xsl:param name="rows"/>
		<h2><xsl:value-of select="concat($title, ': ', count($rows))"/></h2>
		<xsl:if test="$rows">
			<table>
				<thead>
					<tr>
						<th>School</th><th>Pupil</th><th>Rule</th><th>Window</th><th class="number">Attended of possible</th>
						<th class="number">%</th><th class="number">Range</th><th class="number">Authorised</th>
						<th class="number">Unauthorised</th><th class="number">N</th><th class="number">Gaps</th>
						<th>Visits, agreements, letters</th>
					</tr>
				</thead>
				<tbody><xsl:apply-templates select="$rows"/></tbody>
			</table>
		</xsl:if>
	</xsl:template>

	<xsl:template match="d:legal_referral">
		<tr>
			<td><xsl:value-of select="d:school_urn"/></td>
			<td>
				<xsl:value-of select="concat(d:given_name, ' ', d:family_name)"/><br/>
				<xsl:value-of select="d:upn"/>
				<xsl:if test="d:safe_to_refer = 'no'"><br/><strong>not safe to refer yet</strong></xsl:if>
			</td>
			<td><xsl:value-of select="concat(d:rule, ' (clause ', d:clause, ')')"/></td>
			<td><xsl:value-of select="concat(d:window_start, ' to ', d:window_end)"/></td>
			<td class="number"><xsl:value-of select="concat(d:attended, ' of ', d:possible)"/></td>
			<td class="number"><xsl:value-of select="d:percentage"/></td>
			<td class="number"><xsl:value-of select="concat(d:lowest, '–', d:highest)"/></td>
			<td class="number"><xsl:value-of select="d:authorised"/></td>
			<td class="number"><xsl:value-of select="d:unauthorised"/></td>
			<td class="number"><xsl:value-of select="d:unresolved"/></td>
			<td class="number"><xsl:value-of select="d:gaps"/></td>
			<td>
				<xsl:for-each select="(d:visits | d:agreements | d:letters)[. != '']">
					<div><xsl:value-of select="concat(translate(substring(local-name(), 1, 1), 'val', 'VAL'),
						substring(local-name(), 2), ': ', .)"/></div>
				</xsl:for-each>
			</td>
		</tr>
		<xsl:if test="d:missing != ''">
			<tr><td colspan="12"><strong>Still missing: </strong><xsl:value-of select="d:missing"/></td></tr>
		</xsl:if>
	</xsl:template>
</xsl:stylesheet>
